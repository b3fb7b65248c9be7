package io.larder.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import io.larder.server.tls.CertificateMaker;
import io.larder.server.tls.CertificateMaker.Use;
import io.larder.server.tls.TlsSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code larder cert}: an authority for development, a certificate of it for a server and one for a
 * client. The authority's key is thrown away: nothing more can be signed by it.
 */
@Command(
        name = "cert",
        description =
                "Makes certificates for development: ca.pem, server.pem, server.key, client.pem and"
                        + " client.key. The directory is what tls.directory names.")
final class CertCommand implements Callable<Integer> {
    private static final int EXIT_CANNOT = 2;
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "::1");

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where they go")
    private @Nullable Path directory;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description =
                    "A name or address that clients reach the server by, beside localhost, 127.0.0.1"
                            + " and ::1; may be repeated")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--client",
            paramLabel = "NAME",
            defaultValue = "larder-client",
            description = "The client's name; default: ${DEFAULT-VALUE}")
    private String client = "larder-client";

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "365",
            description = "How long they are valid, 1 to 3650; default: ${DEFAULT-VALUE}")
    private int days = 365;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text")
    @SuppressWarnings("unused") // picocli reads it
    private boolean help;

    @Override
    public Integer call() {
        Path into = requireNonNull(directory);
        if (days < 1 || days > 3_650) {
            return fail("--days: " + days + " (expected: 1..3650)");
        }
        try {
            write(into, files());
            System.out.println(into + ": ca.pem server.pem server.key client.pem client.key");
            return 0;
        } catch (FileAlreadyExistsException e) {
            return fail(e.getMessage() + ": there already (expected: a directory without it)");
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return fail(into + ": " + e);
        }
    }

    private int fail(String message) {
        System.err.println("larder: " + message);
        return EXIT_CANNOT;
    }

    /** The texts by name; those that hold a key end in {@code .key}. */
    private Map<String, String> files() throws GeneralSecurityException {
        Instant now = Instant.now();
        CertificateMaker maker =
                new CertificateMaker(
                        "Larder development authority",
                        now.minus(Duration.ofHours(1)),
                        now.plus(Duration.ofDays(days)));
        List<String> names = new ArrayList<>(new TreeSet<>(LOCAL));
        hosts.stream().filter(host -> !LOCAL.contains(host)).forEach(names::add);
        CertificateMaker.Issued server =
                maker.issue(names.get(names.size() - 1), Use.SERVER, names);
        CertificateMaker.Issued shown = maker.issue(client, Use.CLIENT, List.of());
        Map<String, String> files = new LinkedHashMap<>();
        files.put(TlsSettings.AUTHORITY, maker.authority().certificatePem());
        files.put(TlsSettings.CERTIFICATE, server.certificatePem());
        files.put(TlsSettings.KEY, server.keyPem());
        files.put("client.pem", shown.certificatePem());
        files.put("client.key", shown.keyPem());
        return files;
    }

    private static void write(Path into, Map<String, String> files) throws IOException {
        Files.createDirectories(into);
        for (String name : files.keySet()) {
            if (Files.exists(into.resolve(name))) {
                throw new FileAlreadyExistsException(into.resolve(name).toString());
            }
        }
        boolean isPosix = into.getFileSystem().supportedFileAttributeViews().contains("posix");
        for (Map.Entry<String, String> file : files.entrySet()) {
            boolean isKey = file.getKey().endsWith(".key");
            FileAttribute<?>[] attributes =
                    isPosix && isKey
                            ? new FileAttribute<?>[] {
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rw-------"))
                            }
                            : new FileAttribute<?>[0];
            try (var out =
                    Files.newByteChannel(
                            into.resolve(file.getKey()),
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            attributes)) {
                out.write(ByteBuffer.wrap(file.getValue().getBytes(US_ASCII)));
            }
        }
    }
}
