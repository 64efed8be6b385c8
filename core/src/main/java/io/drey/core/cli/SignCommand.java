package io.drey.core.cli;

import io.drey.core.integrity.JarSignature;
import io.drey.core.integrity.KeyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code drey plugins sign}: writes the signature beside a jar. */
@Command(
        name = "sign",
        description = "Signs plugin jars: writes FILE.jar.sig beside FILE.jar.",
        mixinStandardHelpOptions = true)
final class SignCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE.jar", description = "The jars, as they are going to be installed.")
    private List<Path> jars = List.of();

    @Option(
            names = "--key",
            required = true,
            paramLabel = "FILE",
            description = "The private key, PEM, as drey plugins keygen writes it.")
    private Path key = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        var secret = KeyText.privateKey(key);
        for (var jar : jars) {
            var signature = JarSignature.sign(jar, secret);
            var file = JarSignature.of(jar);
            var temporary = file.resolveSibling(file.getFileName() + ".tmp");
            Files.writeString(temporary, signature);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
            spec.commandLine().getOut().println(file);
        }
        return 0;
    }
}
