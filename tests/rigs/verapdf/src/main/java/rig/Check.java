package rig;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.validators.ValidatorConfig;
import org.verapdf.pdfa.validation.validators.ValidatorConfigBuilder;
import org.verapdf.processor.reports.enums.JobEndStatus;

/**
 * Validates PDF files with veraPDF as long as somebody asks: a start costs more than many files.
 *
 * <p>Each line on standard input is a flavour, a tab and a file; each is answered by one JSON object on a line of its
 * own: the verdict, or under "error" why there is none.
 */
public final class Check {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final Comparator<TestAssertion> BY_RULE =
            Comparator.comparing((TestAssertion check) -> check.getRuleId().getClause())
                    .thenComparing(check -> check.getRuleId().getTestNumber());

    private Check() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err); // nothing but answers may reach standard output
        VeraGreenfieldFoundryProvider.initialise();
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = asked.readLine(); line != null; line = asked.readLine()) {
            out.println(JSON.writeValueAsString(answer(line)));
            out.flush();
        }
    }

    private static Map<String, Object> answer(String line) {
        try {
            int tab = line.indexOf('\t');
            return verdict(line.substring(tab + 1), flavour(line.substring(0, tab)));
        } catch (Exception | StackOverflowError e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            return Map.of("error", trace.toString());
        }
    }

    private static Map<String, Object> verdict(String file, PDFAFlavour flavour) throws Exception {
        ValidatorConfig config = new ValidatorConfigBuilder()
                .flavour(flavour)
                .maxFails(-1) // never stop early
                .maxNumberOfDisplayedFailedChecks(1) // one example for each broken rule
                .showErrorMessages(true)
                .build();
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(config, flavour)) {
            ValidationResult result = validator.validate(parser);
            if (result.getJobEndStatus() != JobEndStatus.NORMAL
                    || result.getPDFAFlavour() != flavour
                    || result.getTotalAssertions() == 0) {
                throw new IllegalStateException("incomplete validation: " + result);
            }
            Map<String, Object> verdict = new LinkedHashMap<>();
            verdict.put("file", file);
            verdict.put("flavour", flavour.getId());
            verdict.put("compliant", result.isCompliant());
            verdict.put("checks", result.getTotalAssertions());
            verdict.put("failures", failures(result));
            return verdict;
        }
    }

    private static List<Map<String, Object>> failures(ValidationResult result) {
        List<TestAssertion> checks = new ArrayList<>(result.getTestAssertions());
        checks.sort(BY_RULE); // veraPDF's own order varies from run to run
        List<Map<String, Object>> failures = new ArrayList<>();
        for (TestAssertion check : checks) {
            RuleId rule = check.getRuleId();
            Map<String, Object> failure = new LinkedHashMap<>();
            failure.put("clause", rule.getClause());
            failure.put("test", rule.getTestNumber());
            failure.put("description", check.getMessage());
            failure.put("error", check.getErrorMessage());
            failure.put("count", result.getFailedChecks().get(rule));
            failure.put("location", check.getLocation().getContext());
            failures.add(failure);
        }
        return failures;
    }

    private static PDFAFlavour flavour(String id) {
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(id);
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            throw new IllegalArgumentException("unknown flavour " + id);
        }
        return flavour;
    }
}
