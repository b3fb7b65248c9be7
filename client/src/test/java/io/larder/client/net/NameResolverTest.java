package io.larder.client.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class NameResolverTest {
    private final List<String> asked = new ArrayList<>();
    private final ArrayDeque<Runnable> lookups = new ArrayDeque<>();
    private InetAddress[] found = {InetAddress.getLoopbackAddress()};
    private final NameResolver resolver = new NameResolver(this::lookUp, lookups::add);

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        asked.add(host);
        if (found.length == 0) {
            throw new UnknownHostException(host);
        }
        return found;
    }

    @Test
    void address_isItself_withoutALookup() {
        assertThat(resolver.resolve("127.0.0.2").join())
                .extracting(InetAddress::getHostAddress)
                .containsExactly("127.0.0.2");
        assertThat(resolver.resolve("::1").join()).hasSize(1);
        assertThat(lookups).isEmpty();
    }

    @Test
    void lookup_runsElsewhere() {
        CompletableFuture<InetAddress[]> result = resolver.resolve("cache");

        assertThat(result).isNotDone();
        lookups.remove().run();
        assertThat(result.join()).isEqualTo(found);
    }

    @Test
    void twoAtATime_shareALookup() {
        CompletableFuture<InetAddress[]> first = resolver.resolve("cache");
        CompletableFuture<InetAddress[]> second = resolver.resolve("cache");

        lookups.remove().run();

        assertThat(second.join()).isEqualTo(first.join());
        assertThat(asked).containsExactly("cache");
    }

    @Test
    void oneAfterAnother_areLookedUpAnew() throws Exception {
        CompletableFuture<InetAddress[]> before = resolver.resolve("cache");
        lookups.remove().run();
        found = new InetAddress[] {InetAddress.getByName("127.0.0.9")};

        CompletableFuture<InetAddress[]> after = resolver.resolve("cache");
        lookups.remove().run();

        assertThat(before.join()).isNotEqualTo(after.join());
        assertThat(asked).containsExactly("cache", "cache");
    }

    @Test
    void lookupThatGetsNoThread_fails_andIsAskedForAgain() {
        List<Throwable> refusals = new ArrayList<>(List.of(new OutOfMemoryError("no thread")));
        NameResolver refused =
                new NameResolver(
                        this::lookUp,
                        work -> {
                            if (!refusals.isEmpty()) {
                                throw (Error) refusals.remove(0);
                            }
                            work.run();
                        });

        assertThat(refused.resolve("cache")).isCompletedExceptionally();
        assertThat(refused.resolve("cache").join()).isEqualTo(found);
    }

    @Test
    void unknownName_failsAndIsAskedForAgain() {
        found = new InetAddress[0];
        CompletableFuture<InetAddress[]> result = resolver.resolve("nowhere");
        lookups.remove().run();

        assertThatThrownBy(result::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(UnknownHostException.class);
        resolver.resolve("nowhere");
        assertThat(lookups).hasSize(1);
    }
}
