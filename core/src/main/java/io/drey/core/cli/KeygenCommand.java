package io.drey.core.cli;

import io.drey.core.integrity.KeyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drey plugins keygen}: makes a pair of keys to sign plugins with. */
@Command(
        name = "keygen",
        description = "Makes a pair of Ed25519 keys to sign plugins with: NAME.key, to be kept, and NAME.pub.",
        mixinStandardHelpOptions = true)
final class KeygenCommand implements Callable<Integer> {
    @Option(
            names = "--out",
            paramLabel = "NAME",
            defaultValue = "drey-plugins",
            description = "Name of the files. Default: ${DEFAULT-VALUE}.")
    private Path name = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, GeneralSecurityException {
        var secret = name.resolveSibling(name.getFileName() + ".key");
        var known = name.resolveSibling(name.getFileName() + ".pub");
        for (var file : List.of(secret, known)) {
            if (Files.exists(file)) {
                throw new IllegalArgumentException(file + " is there already. Give another name with --out");
            }
        }
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var own = secret.toAbsolutePath()
                        .getFileSystem()
                        .supportedFileAttributeViews()
                        .contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Files.createFile(secret, own);
        Files.writeString(secret, KeyText.pem(pair.getPrivate()));
        Files.writeString(known, KeyText.pem(pair.getPublic()));
        var out = spec.commandLine().getOut();
        out.println(secret + ": the private key. Whoever has it can sign; it belongs to where plugins are built");
        out.println(known + ": the public key. For the operator's configuration:");
        out.println("drey.plugins.public-keys: [\"" + KeyText.base64(pair.getPublic()) + "\"]");
        return 0;
    }
}
