package io.larder.client.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.larder.client.api.LarderException;
import io.larder.client.junit.LarderServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.context.ConfigurableApplicationContext;

/** What an application does while no server answers. */
@Timeout(60)
class WithoutServerTest {
    private static final String NOBODY = "larder://127.0.0.1:1";

    @Test
    void startThatIsToFail_fails() {
        assertThatThrownBy(() -> LibraryApplication.start(NOBODY, "larder.when-unavailable=fail"))
                .hasRootCauseInstanceOf(java.net.ConnectException.class);
    }

    @Test
    void userWithoutPassword_isRefused() {
        assertThatThrownBy(() -> LibraryApplication.start(NOBODY, "larder.user=ada"))
                .hasRootCauseMessage(
                        "larder.user and larder.password: one of them (expected: both, or neither)");
    }

    @Test
    void startWithoutServer_goesOnWithTheMethods() {
        Logger logger = (Logger) LoggerFactory.getLogger("io.larder.client.spring");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try (ConfigurableApplicationContext context = LibraryApplication.start(NOBODY)) {
            Library library = context.getBean(Library.class);

            assertThat(library.book("1").title()).isEqualTo("Title 1");
            assertThat(library.single("1").title()).isEqualTo("Title 1");
            assertThat(library.mono("1").block().title()).isEqualTo("Title 1");
            assertThat(library.singleMono("1").block().title()).isEqualTo("Title 1");
            assertThat(library.future("1").join().title()).isEqualTo("Title 1");
            assertThat(library.origin().calls.get()).isEqualTo(5);
            assertThatThrownBy(() -> library.forget("1")).isInstanceOf(LarderException.class);
            assertThat(
                            context.getBean("larderHealthIndicator", HealthIndicator.class)
                                    .health()
                                    .getStatus())
                    .isEqualTo(Status.DOWN);
            assertThat(context.getBean(LarderCacheManager.class).withoutServer()).isPositive();
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("starting without the cache"),
                        second -> assertThat(second).startsWith("going on without the cache"),
                        third -> assertThat(third).isEqualTo("Larder does not answer"));
    }

    @Test
    void serverThatGoesAway_andComesBack_isUsedAgain() {
        LarderServer first = LarderServer.startEmbedded("store.memory=16m");
        String port = "listeners.data.port=" + first.port();
        try (ConfigurableApplicationContext context = LibraryApplication.start(first.uri())) {
            Library library = context.getBean(Library.class);
            library.book("1");
            library.book("1");
            assertThat(library.origin().calls.get()).isOne();

            first.close();
            library.book("1");
            library.single("1");
            assertThat(library.origin().calls.get()).isEqualTo(3);

            try (LarderServer second = LarderServer.startEmbedded("store.memory=16m", port)) {
                assertThat(second.port()).isEqualTo(first.port());
                await().until(
                                () -> {
                                    int before = library.origin().calls.get();
                                    library.book("1");
                                    return library.origin().calls.get() == before;
                                });
            }
        } finally {
            first.close();
        }
    }
}
