package io.larder.client.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.api.Credentials;
import io.larder.protocol.AuthRequest;

/** The client's side of an authentication, for tests of another package. */
public final class ScramProbe {
    private final Authentication authentication;

    public ScramProbe(Credentials credentials) {
        this.authentication = new Authentication(credentials);
    }

    public AuthRequest begin() {
        return authentication.begin();
    }

    public void next(String answer) {
        authentication.next(answer.getBytes(UTF_8));
    }
}
