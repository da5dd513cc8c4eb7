package rig;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
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
 * Validates PDF files with veraPDF and prints one JSON object per line for each file and flavour.
 *
 * <p>Exit status: 0 when every file was validated, compliant or not; 1 when a file could not be
 * validated (the reason is on standard error); 2 on wrong usage.
 */
public final class Check {
    private static final String USAGE = "usage: Check --flavour ID [--flavour ID]... (--stdin | FILE...)";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final Comparator<TestAssertion> BY_RULE =
            Comparator.comparing((TestAssertion check) -> check.getRuleId().getClause())
                    .thenComparing(check -> check.getRuleId().getTestNumber());

    private Check() {}

    public static void main(String[] args) throws Exception {
        List<PDFAFlavour> flavours = new ArrayList<>();
        List<String> files = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--flavour") && i + 1 < args.length) {
                flavours.add(flavour(args[++i]));
            } else if (args[i].equals("--stdin")) {
                files.addAll(linesOfStdin());
            } else if (args[i].startsWith("--")) {
                usage("unknown or incomplete option " + args[i]);
            } else {
                files.add(args[i]);
            }
        }
        if (flavours.isEmpty() || files.isEmpty()) {
            usage("need at least one flavour and one file");
        }

        PrintStream out = System.out;
        System.setOut(System.err); // nothing but verdicts may reach standard output
        VeraGreenfieldFoundryProvider.initialise();
        boolean failed = false;
        for (String file : files) {
            for (PDFAFlavour flavour : flavours) {
                try {
                    out.println(JSON.writeValueAsString(verdict(file, flavour)));
                } catch (Exception | StackOverflowError e) {
                    System.err.println(file + " (" + flavour.getId() + ") was not validated:");
                    e.printStackTrace();
                    failed = true;
                }
            }
        }
        out.flush();
        System.exit(failed || out.checkError() ? 1 : 0);
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

    private static List<String> linesOfStdin() {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static PDFAFlavour flavour(String id) {
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(id);
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            usage("unknown flavour " + id);
        }
        return flavour;
    }

    private static void usage(String message) {
        System.err.println(message);
        System.err.println(USAGE);
        System.exit(2);
    }
}
