// SPDX-License-Identifier: Apache-2.0
package meridian;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.NpmPackageValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;

/**
 * HAPI's validator as a filter, without network: Validator PACKAGE... -- PATH... knows the
 * definitions of R4, of the packages (names on the class path) and of JSON files and folders. A
 * line in is {"name", "resource"}, a line out {"name", "messages": [{"severity", "place", "text",
 * "id"}]}. The flags are in validator(). A SubscriptionTopic is validated as R5: R4 has none.
 */
public final class Validator {
  private static final FhirContext R4 = FhirContext.forR4();
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    System.setOut(System.err); // libraries that print must not mix with the answers
    List<String> all = List.of(arguments);
    int mark = all.indexOf("--");
    IValidationSupport known = known(all.subList(0, mark), all.subList(mark + 1, all.size()));
    FhirValidator r4 = validator(R4, known);
    FhirValidator r5 = null;
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode asked = JSON.readTree(line);
      boolean topic = type(asked.path("resource")).equals("SubscriptionTopic");
      if (topic && r5 == null) r5 = validator(FhirContext.forR5(), null);
      out.println(JSON.writeValueAsString(answer(topic ? r5 : r4, asked)));
      out.flush();
    }
  }

  @SuppressWarnings("deprecation") // the support for unknown code systems has no successor yet
  private static FhirValidator validator(FhirContext context, IValidationSupport known) {
    UnknownCodeSystemWarningValidationSupport unknown =
        new UnknownCodeSystemWarningValidationSupport(context);
    unknown.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.WARNING);
    ValidationSupportChain chain = new ValidationSupportChain();
    chain.addValidationSupport(new DefaultProfileValidationSupport(context));
    if (known != null) chain.addValidationSupport(known);
    chain.addValidationSupport(new CommonCodeSystemsTerminologyService(context));
    chain.addValidationSupport(new InMemoryTerminologyServerValidationSupport(context));
    chain.addValidationSupport(new SnapshotGeneratingValidationSupport(context));
    chain.addValidationSupport(unknown);
    FhirInstanceValidator instance = new FhirInstanceValidator(chain);
    instance.setErrorForUnknownProfiles(true);
    instance.setAnyExtensionsAllowed(false);
    instance.setNoTerminologyChecks(false);
    instance.setNoExtensibleWarnings(false);
    instance.setNoBindingMsgSuppressed(false);
    instance.setAssumeValidRestReferences(true); // "Patient/5" of a server that is not here
    instance.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
    return context.newValidator().registerValidatorModule(instance);
  }

  private static IValidationSupport known(List<String> packages, List<String> paths)
      throws IOException {
    NpmPackageValidationSupport published = new NpmPackageValidationSupport(R4);
    for (String name : packages) published.loadPackageFromClasspath("classpath:" + name);
    Folder files = new Folder();
    for (String path : paths) files.add(Path.of(path));
    return new ValidationSupportChain(files, published);
  }

  /** Definitions of JSON files, a Questionnaire among them. */
  private static final class Folder extends PrePopulatedValidationSupport {
    private static final Set<String> KEPT = Set.of("StructureDefinition", "ValueSet", "CodeSystem",
        "SearchParameter", "Questionnaire");
    private final Map<String, IBaseResource> questionnaires = new HashMap<>();

    Folder() {
      super(R4);
    }

    void add(Path folder) throws IOException {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
          String text = Files.readString(file);
          if (!KEPT.contains(type(JSON.readTree(text)))) continue;
          IBaseResource resource = R4.newJsonParser().parseResource(text);
          if (resource instanceof Questionnaire asked) {
            questionnaires.put(asked.getUrl(), asked);
            questionnaires.put(asked.getUrl() + "|" + asked.getVersion(), asked);
          } else {
            addResource(resource);
          }
        }
      }
    }

    @Override
    public <T extends IBaseResource> T fetchResource(Class<T> kind, String url) {
      if (kind == null || !kind.equals(Questionnaire.class)) {
        return super.fetchResource(kind, url);
      }
      return kind.cast(questionnaires.get(url));
    }
  }

  private static String type(JsonNode resource) {
    return resource.path("resourceType").asText();
  }

  private static ObjectNode answer(FhirValidator validator, JsonNode asked) {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("name", asked.path("name").asText());
    ArrayNode messages = answer.putArray("messages");
    String resource = asked.path("resource").toString();
    for (SingleValidationMessage message : validator.validateWithResult(resource).getMessages()) {
      ObjectNode said = messages.addObject();
      said.put("severity", message.getSeverity().getCode());
      said.put("place", message.getLocationString());
      said.put("text", message.getMessage());
      said.put("id", message.getMessageId());
    }
    return answer;
  }

  private Validator() {}
}
