package rig;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import ca.uhn.fhir.validation.ValidationResult;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;

/** Validates FHIR resources, offline: "R4" or "R5", then files from standard input, a line for each error. */
final class Validate {
  public static void main(String[] args) throws Exception {
    FhirContext context = args[0].equals("R5") ? FhirContext.forR5() : FhirContext.forR4();
    var support =
        new ValidationSupportChain(
            new DefaultProfileValidationSupport(context),
            new InMemoryTerminologyServerValidationSupport(context),
            new CommonCodeSystemsTerminologyService(context));
    var instance = new FhirInstanceValidator(support);
    instance.setAnyExtensionsAllowed(false);
    FhirValidator validator = context.newValidator().registerValidatorModule(instance);
    var names = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String name; (name = names.readLine()) != null; ) {
      ValidationResult result = validator.validateWithResult(Files.readString(Path.of(name)));
      System.out.println("file\t" + name);
      for (SingleValidationMessage message : result.getMessages()) {
        if (message.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0) {
          String text = message.getMessage().replaceAll("\\s+", " ");
          System.out.println("error\t" + message.getLocationString() + "\t" + text);
        }
      }
    }
  }
}
