import java.io.File;
import java.util.LinkedHashSet;
import java.util.Set;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** One line a file and level: level, number of checks, and every rule that is broken, separated by tabs. */
public class Verdict {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (int at = 1; at < arguments.length; at++) {
            for (String level : arguments[0].split(",")) {
                System.out.println(of(new File(arguments[at]), PDFAFlavour.byFlavourId(level)));
            }
        }
    }

    private static String of(File file, PDFAFlavour level) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, level);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(level, false)) {
            ValidationResult result = validator.validate(parser);
            Set<String> broken = new LinkedHashSet<>();
            for (TestAssertion one : result.getTestAssertions()) {
                if (one.getStatus() == TestAssertion.Status.FAILED) {
                    broken.add(one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber() + " " + one.getMessage());
                }
            }
            if (!result.isCompliant() && broken.isEmpty()) {
                broken.add("not compliant");
            }
            return level.getId() + "\t" + result.getTotalAssertions() + "\t" + String.join("\t", broken);
        }
    }
}
