package io.larder.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a users file: lines of words.
 *
 * <pre>
 * role shop     read,write  orders:order/ sessions     # these rights there
 * role operator all         *
 * user checkout roles=shop  token=sha256:… certificate=checkout.example.org
 * user ada      roles=operator,shop password=SCRAM-SHA-256$4096:…$…:…
 * </pre>
 *
 * <p>A role has as many lines as it takes, before the users that have it. A place is a region's
 * name, or {@code *} for all, and perhaps a colon and what keys begin with, in which {@code %XX}
 * stands for a byte. One use, one thread.
 */
final class UsersFile {
    private static final long FILE_BYTES_MAX = 16 << 20;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    private static final Pattern REGION = Pattern.compile("\\*|[a-z0-9._-]{1,64}");
    private static final Pattern TOKEN = Pattern.compile("sha256:([0-9a-f]{64})");
    static final String NAME_EXPECTED = "1 to 64 of letters, digits and . _ @ -";

    private final Path file;
    private final Map<String, List<Grant>> roles = new HashMap<>();
    private final Map<String, User> users = new LinkedHashMap<>();
    private int line;

    private UsersFile(Path file) {
        this.file = file;
    }

    /** Whether a text can be a user's name, or a role's. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** The users in a file; one at least. */
    static Users read(Path file) throws UsersException {
        return new UsersFile(file).read();
    }

    private Users read() throws UsersException {
        try {
            for (String text : lines()) {
                line++;
                String plain = text.replaceFirst("(^|\\s)#.*", "").strip();
                if (!plain.isEmpty()) {
                    take(plain.split("\\s+"));
                }
            }
            require(!users.isEmpty(), "no user (expected: one at least)");
            return new Users(users.values());
        } catch (IllegalArgumentException e) {
            throw problem(String.valueOf(e.getMessage()));
        }
    }

    private List<String> lines() throws UsersException {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new UsersException(file + ": longer than " + FILE_BYTES_MAX + " bytes");
            }
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UsersException(file + ": cannot be read: " + e);
        }
    }

    private UsersException problem(String text) {
        return new UsersException(file + " line " + line + ": " + text);
    }

    private void require(boolean holds, String text) throws UsersException {
        if (!holds) {
            throw problem(text);
        }
    }

    private void take(String... words) throws UsersException {
        switch (words[0]) {
            case "role" -> takeRole(words);
            case "user" -> takeUser(words);
            default -> throw problem(words[0] + " (expected: role or user)");
        }
    }

    private String name(String... words) throws UsersException {
        require(
                words.length > 1 && NAME.matcher(words[1]).matches(),
                words[0] + ": no name (expected: " + NAME_EXPECTED + ")");
        return words[1];
    }

    private void takeRole(String... words) throws UsersException {
        String name = name(words);
        require(
                words.length > 3,
                "role "
                        + name
                        + " (expected: role NAME RIGHTS PLACE…, a place as * or REGION:PREFIX)");
        int rights = rights(words[2]);
        List<Grant> grants = roles.computeIfAbsent(name, made -> new ArrayList<>());
        for (int i = 3; i < words.length; i++) {
            grants.add(grant(rights, words[i]));
        }
    }

    private int rights(String text) throws UsersException {
        if (text.equals("all")) {
            return Right.ALL;
        }
        int bits = 0;
        for (String word : text.split(",", -1)) {
            Right right = Right.of(word);
            if (right == null) {
                throw problem(
                        "right: "
                                + word
                                + " (expected: all, or some of "
                                + Arrays.stream(Right.values())
                                        .map(Right::word)
                                        .collect(Collectors.joining(","))
                                + ")");
            }
            bits |= right.bit();
        }
        return bits;
    }

    private Grant grant(int rights, String place) throws UsersException {
        int colon = place.indexOf(':');
        String region = colon < 0 ? place : place.substring(0, colon);
        require(
                REGION.matcher(region).matches(),
                "region: " + region + " (expected: * or a region's name)");
        Grant grant = new Grant(rights, region, bytes(colon < 0 ? "" : place.substring(colon + 1)));
        boolean isEverything = grant.isWhole() && region.equals(Grant.EVERYWHERE);
        for (Right right : Right.values()) {
            boolean isNarrowed = !isEverything && rights != Right.ALL && right.isOfServer();
            require(
                    !isNarrowed || (rights & right.bit()) == 0,
                    right.word() + " in " + place + " (expected: in *, it is about the server)");
        }
        return grant;
    }

    /** What is written as text, with {@code %XX} for what cannot be. */
    private byte[] bytes(String text) throws UsersException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            if (codePoint == '%') {
                require(
                        text.substring(at).matches("(?s)%[0-9A-Fa-f]{2}.*"),
                        "prefix: " + text + " (expected: two hex digits after %)");
                out.write(Integer.parseInt(text.substring(at + 1, at + 3), 16));
                at += 3;
            } else {
                out.writeBytes(Character.toString(codePoint).getBytes(UTF_8));
                at += Character.charCount(codePoint);
            }
        }
        return out.toByteArray();
    }

    private void takeUser(String... words) throws UsersException {
        String name = name(words);
        require(
                !users.containsKey(name),
                "user " + name + ": the second (expected: one line each)");
        List<Grant> grants = new ArrayList<>();
        List<String> tokens = new ArrayList<>();
        List<String> certificates = new ArrayList<>();
        @Nullable ScramVerifier password = null;
        for (int i = 2; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            String value = words[i].substring(equals + 1);
            switch (equals < 0 ? "" : words[i].substring(0, equals)) {
                case "roles" -> grants.addAll(grants(value));
                case "token" -> tokens.add(token(value));
                case "certificate" -> certificates.add(value);
                case "password" -> {
                    require(password == null, "password: the second (expected: one)");
                    password = ScramVerifier.parse(value);
                }
                default ->
                        throw problem(
                                "user "
                                        + name
                                        + ": word "
                                        + (i + 1)
                                        + " (expected: roles=, password=, token= or certificate=)");
            }
        }
        boolean hasProof = password != null || !tokens.isEmpty() || !certificates.isEmpty();
        require(hasProof, "user " + name + " (expected: a password, token or certificate)");
        users.put(name, new User(name, new Rights(grants), password, tokens, certificates));
    }

    private List<Grant> grants(String names) throws UsersException {
        List<Grant> grants = new ArrayList<>();
        for (String role : names.split(",", -1)) {
            List<Grant> found = roles.get(role);
            if (found == null) {
                throw problem("role: " + role + " (expected: one of a line before)");
            }
            grants.addAll(found);
        }
        return grants;
    }

    private String token(String value) throws UsersException {
        var digest = TOKEN.matcher(value);
        require(
                digest.matches(),
                "token (expected: sha256: and 64 hex digits, the token's SHA-256, as larder user"
                        + " prints it)");
        return digest.group(1);
    }
}
