package io.larder.server.net;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The certificate that a client has shown. Stateless; on the connection's event loop. */
public final class PeerCertificate {
    private PeerCertificate() {}

    /** The common name in the certificate that TLS has verified; empty if there is none. */
    public static String commonName(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return "";
        }
        try {
            var shown = tls.engine().getSession().getPeerCertificates();
            return commonName(((X509Certificate) shown[0]).getSubjectX500Principal().getName());
        } catch (SSLPeerUnverifiedException e) {
            return ""; // none was shown
        }
    }

    /** Of several the one nearest to the subject, as RFC 2253 writes names: the first. */
    private static String commonName(String distinguished) {
        try {
            var parts = new LdapName(distinguished).getRdns();
            for (int i = parts.size() - 1; i >= 0; i--) {
                Rdn part = parts.get(i);
                if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String cn) {
                    return cn;
                }
            }
        } catch (InvalidNameException e) {
            // no name that can be a user's
        }
        return "";
    }
}
