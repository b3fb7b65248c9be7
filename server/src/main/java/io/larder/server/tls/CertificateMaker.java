package io.larder.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.util.NetUtil;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An authority that issues certificates, as RFC 5280 has them, with keys on the curve P-256. For
 * one thread.
 */
/*
 *   Certificate    SEQUENCE { to be signed, algorithm, signature BIT STRING }
 *   to be signed   SEQUENCE { [0] version 3, serial, algorithm, issuer, validity, subject,
 *                             public key, [3] extensions }
 *   extension      SEQUENCE { identifier, critical (absent: no), OCTET STRING { value } }
 *
 * What is in an issuer's certificate is what its key signs others with: so a certificate that is
 * issued by another authority of the same name is refused by its signature and by its key's id.
 */
public final class CertificateMaker {
    /** What a certificate may be shown as. */
    public enum Use {
        SERVER("1.3.6.1.5.5.7.3.1"),
        CLIENT("1.3.6.1.5.5.7.3.2");

        private final String identifier;

        Use(String identifier) {
            this.identifier = identifier;
        }
    }

    /** A certificate and its key. */
    public record Issued(X509Certificate certificate, PrivateKey key) {
        /** The certificate in PEM. */
        public String certificatePem() throws GeneralSecurityException {
            return PemFiles.block("CERTIFICATE", certificate.getEncoded());
        }

        /** The private key in PEM. */
        public String keyPem() {
            return PemFiles.block("PRIVATE KEY", key.getEncoded());
        }
    }

    private static final String ALGORITHM = "SHA256withECDSA";
    private static final byte[] ALGORITHM_DER = Der.sequence(Der.identifier("1.2.840.10045.4.3.2"));
    private static final String COMMON_NAME = "2.5.4.3";
    private static final int NAME_DNS = 2;
    private static final int NAME_IP = 7;
    private static final int SERIAL_BITS = 120;

    private final SecureRandom random = new SecureRandom();
    private final String name;
    private final Instant from;
    private final Instant to;
    private final KeyPair keys;
    private final Issued authority;

    /**
     * An authority of this name, with a new key, whose certificate and those it issues hold from
     * one time to the other.
     */
    public CertificateMaker(String name, Instant from, Instant to) throws GeneralSecurityException {
        this.name = name;
        this.from = from;
        this.to = to;
        this.keys = newKeys();
        List<byte[]> extensions = new ArrayList<>();
        extensions.add(extension("2.5.29.19", true, Der.sequence(Der.yes()))); // is an authority
        extensions.add(
                extension("2.5.29.15", true, Der.bits(1, (byte) 0x06))); // signs certificates
        extensions.add(subjectKey(keys));
        this.authority = new Issued(signed(name, from, to, keys, extensions), keys.getPrivate());
    }

    /** The authority's own. */
    public Issued authority() {
        return authority;
    }

    /**
     * Issues a certificate.
     *
     * @param subject the common name
     * @param hosts names and addresses that a server may be reached by
     */
    public Issued issue(String subject, Use use, List<String> hosts)
            throws GeneralSecurityException {
        return issue(subject, use, hosts, from, to);
    }

    /** The same for another time. */
    public Issued issue(String subject, Use use, List<String> hosts, Instant begin, Instant end)
            throws GeneralSecurityException {
        KeyPair own = newKeys();
        List<byte[]> extensions = new ArrayList<>();
        extensions.add(extension("2.5.29.19", true, Der.sequence())); // is no authority
        extensions.add(extension("2.5.29.15", true, Der.bits(7, (byte) 0x80))); // signs
        extensions.add(extension("2.5.29.37", false, Der.sequence(Der.identifier(use.identifier))));
        extensions.add(subjectKey(own));
        extensions.add(extension("2.5.29.35", false, Der.sequence(Der.context(0, keyId(keys)))));
        if (!hosts.isEmpty()) {
            byte[][] names = hosts.stream().map(CertificateMaker::name).toArray(byte[][]::new);
            extensions.add(extension("2.5.29.17", false, Der.sequence(names)));
        }
        return new Issued(signed(subject, begin, end, own, extensions), own.getPrivate());
    }

    private KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private X509Certificate signed(
            String subject, Instant begin, Instant end, KeyPair own, List<byte[]> extensions)
            throws GeneralSecurityException {
        byte[] toBeSigned =
                Der.sequence(
                        Der.explicit(0, Der.integer(BigInteger.TWO)),
                        Der.integer(new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS)),
                        ALGORITHM_DER,
                        distinguished(name),
                        Der.sequence(Der.time(begin), Der.time(end)),
                        distinguished(subject),
                        own.getPublic().getEncoded(),
                        Der.explicit(3, Der.sequence(extensions.toArray(byte[][]::new))));
        Signature signature = Signature.getInstance(ALGORITHM);
        signature.initSign(keys.getPrivate(), random);
        signature.update(toBeSigned);
        byte[] certificate = Der.sequence(toBeSigned, ALGORITHM_DER, Der.bits(signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(certificate));
    }

    private static byte[] distinguished(String commonName) {
        return Der.sequence(
                Der.set(Der.sequence(Der.identifier(COMMON_NAME), Der.text(commonName))));
    }

    private static byte[] extension(String identifier, boolean isCritical, byte[] value) {
        return isCritical
                ? Der.sequence(Der.identifier(identifier), Der.yes(), Der.octets(value))
                : Der.sequence(Der.identifier(identifier), Der.octets(value));
    }

    private static byte[] subjectKey(KeyPair keys) throws GeneralSecurityException {
        return extension("2.5.29.14", false, Der.octets(keyId(keys)));
    }

    /** Any digest of the key will do; RFC 7093 has this one. */
    private static byte[] keyId(KeyPair keys) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(keys.getPublic().getEncoded());
        return Arrays.copyOf(digest, 20);
    }

    private static byte[] name(String host) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        return address == null
                ? Der.context(NAME_DNS, host.getBytes(US_ASCII))
                : Der.context(NAME_IP, address.getAddress());
    }
}
