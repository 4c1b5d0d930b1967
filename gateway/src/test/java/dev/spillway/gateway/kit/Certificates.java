// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority, and what it has signed: a server on 127.0.0.1 and a client. Made by the JDK's {@code keytool} in a
 * folder of the test's; good for a day.
 */
public final class Certificates {
    private static final String PASSWORD = "for-tests-only";
    private static final int KEYTOOL_SECONDS_MAX = 60;

    private final Path folder;

    private Certificates(Path folder) {
        this.folder = folder;
    }

    public static Certificates in(Path folder) {
        try {
            var made = new Certificates(Files.createDirectories(folder));
            made.key("ca", "-ext", "bc:c");
            made.export("ca");
            made.signed("server", "-ext", "san=ip:127.0.0.1");
            made.signed("client");
            return made;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The authority's certificate. */
    public Path authority() {
        return folder.resolve("ca.pem");
    }

    /** The client's certificate. */
    public Path clientCertificate() {
        return folder.resolve("client.pem");
    }

    /** The client's key, PKCS #8. */
    public Path clientKey() {
        return privateKey("client");
    }

    /** The server's certificate, for one that reads files. */
    Path serverCertificate() {
        return folder.resolve("server.pem");
    }

    /** The server's key, PKCS #8. */
    Path serverKey() {
        return privateKey("server");
    }

    private Path privateKey(String name) {
        var file = folder.resolve(name + ".key");
        try {
            var key = store(name).getKey(name, PASSWORD.toCharArray());
            Files.writeString(
                    file,
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                            + "\n-----END PRIVATE KEY-----\n");
            return file;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** For a server: shows its certificate, and believes those of the authority. */
    public SSLContext server() {
        try {
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store("server"), PASSWORD.toCharArray());
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            var authorities = KeyStore.getInstance("PKCS12");
            authorities.load(null, null);
            authorities.setCertificateEntry("ca", store("ca").getCertificate("ca"));
            trust.init(authorities);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
            return context;
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private KeyStore store(String name) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(folder.resolve(name + ".p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private void signed(String name, String... extensions) {
        key(name);
        run(name, "-certreq", "-alias", name, "-file", file(name + ".csr"));
        var sign = new ArrayList<>(List.of("-gencert", "-alias", "ca", "-rfc", "-validity", "1"));
        sign.addAll(List.of("-infile", file(name + ".csr"), "-outfile", file(name + ".pem")));
        sign.addAll(List.of(extensions));
        run("ca", sign.toArray(String[]::new));
        run(name, "-importcert", "-noprompt", "-alias", "ca", "-file", file("ca.pem"));
        run(name, "-importcert", "-noprompt", "-alias", name, "-file", file(name + ".pem"));
    }

    private void key(String name, String... extensions) {
        var make = new ArrayList<>(List.of("-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1"));
        make.addAll(List.of("-dname", "CN=spillway " + name, "-validity", "1"));
        make.addAll(List.of(extensions));
        run(name, make.toArray(String[]::new));
    }

    private void export(String name) {
        run(name, "-exportcert", "-rfc", "-alias", name, "-file", file(name + ".pem"));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void run(String store, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", file(store + ".p12"), "-storetype", "PKCS12", "-storepass", PASSWORD));
        try {
            var log = folder.resolve("keytool.log");
            var keytool = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            if (!keytool.waitFor(KEYTOOL_SECONDS_MAX, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                keytool.destroyForcibly();
                throw new IllegalStateException(
                        "keytool " + arguments[0] + ": " + new String(Files.readAllBytes(log), StandardCharsets.UTF_8));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException leaving) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", leaving);
        }
    }
}
