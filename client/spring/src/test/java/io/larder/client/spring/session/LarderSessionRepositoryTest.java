package io.larder.client.spring.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.client.Larder;
import io.larder.client.junit.LarderExtension;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.session.web.http.SessionRepositoryFilter;

/** Sessions as a configured application has them, in a real server. */
@Timeout(60)
class LarderSessionRepositoryTest {
    record Basket(String owner, int items) implements Serializable {}

    @RegisterExtension
    static final LarderExtension SERVER = LarderExtension.withSettings("store.memory=16m");

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    private static ConfigurableApplicationContext context;
    private static LarderSessionRepository sessions;
    private static Larder larder;

    @BeforeAll
    static void start() {
        context =
                new SpringApplicationBuilder(Application.class)
                        .web(WebApplicationType.NONE)
                        .run(
                                "--larder.uri=" + SERVER.server().uri(),
                                "--larder.session.enabled=true",
                                "--larder.session.timeout=10m",
                                "--spring.main.banner-mode=off");
        sessions = context.getBean(LarderSessionRepository.class);
        larder = context.getBean(Larder.class);
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    private static LarderSession saved(String name, Object value) {
        LarderSession session = sessions.createSession();
        session.setAttribute(name, value);
        sessions.save(session);
        return session;
    }

    @Test
    void session_isFoundAsItWasSaved() {
        LarderSession session = saved("basket", new Basket("ada", 3));

        LarderSession found = sessions.findById(session.getId());

        assertThat(found.<Basket>getAttribute("basket")).isEqualTo(new Basket("ada", 3));
        assertThat(found.getCreationTime()).isEqualTo(session.getCreationTime());
        assertThat(found.getMaxInactiveInterval()).isEqualTo(Duration.ofMinutes(10));
        assertThat(larder.cache("sessions").getEntry(session.getId().getBytes(UTF_8)).orElseThrow())
                .satisfies(entry -> assertThat(entry.expiresInMillis()).isBetween(1L, 600_000L));
    }

    @Test
    void requestsAtTheSameTime_doNotUndoEachOthersChanges() {
        String id = saved("both", 1).getId();
        LarderSession one = sessions.findById(id);
        LarderSession other = sessions.findById(id);
        one.setAttribute("one", 1);
        other.setAttribute("other", 2);
        other.removeAttribute("both");
        other.getAttribute("one");
        sessions.save(one);
        sessions.save(other);

        assertThat(sessions.findById(id).getAttributeNames())
                .containsExactlyInAnyOrder("one", "other");
    }

    @Test
    void deletedSession_staysDeleted_whenAnotherRequestSaves() {
        String id = saved("a", 1).getId();
        LarderSession slow = sessions.findById(id);
        sessions.deleteById(id);
        slow.setAttribute("a", 2);
        sessions.save(slow);

        assertThat(sessions.findById(id)).isNull();
    }

    @Test
    void changedId_leavesTheOldOneEmpty() {
        LarderSession session = saved("a", 1);
        String old = session.getId();
        String next = session.changeSessionId();
        sessions.save(session);

        assertThat(sessions.findById(old)).isNull();
        assertThat(sessions.findById(next).<Integer>getAttribute("a")).isEqualTo(1);
    }

    @Test
    void sessionPastItsTime_orWithoutAnyMeaning_isNone() {
        LarderSession session = sessions.createSession();
        session.setMaxInactiveInterval(Duration.ofMillis(1));
        session.setLastAccessedTime(session.getCreationTime().minusSeconds(1));
        sessions.save(session);
        larder.cache("sessions").putText("broken", "no session");

        assertThat(sessions.findById(session.getId())).isNull();
        assertThat(sessions.findById("broken")).isNull();
        assertThat(larder.cache("sessions").getText("broken")).isEmpty();
    }

    @Test
    void filterOfServlets_keepsTheSessionFromRequestToRequest() throws Exception {
        SessionRepositoryFilter<LarderSession> filter = new SessionRepositoryFilter<>(sessions);
        MockHttpServletResponse first = new MockHttpServletResponse();
        filter.doFilter(
                new MockHttpServletRequest(),
                first,
                (request, response) ->
                        ((jakarta.servlet.http.HttpServletRequest) request)
                                .getSession()
                                .setAttribute("user", "ada"));
        AtomicReference<Object> seen = new AtomicReference<>();
        MockHttpServletRequest second = new MockHttpServletRequest();
        second.setCookies(first.getCookies());
        filter.doFilter(
                second,
                new MockHttpServletResponse(),
                (request, response) ->
                        seen.set(
                                ((jakarta.servlet.http.HttpServletRequest) request)
                                        .getSession(false)
                                        .getAttribute("user")));

        assertThat(seen.get()).isEqualTo("ada");
    }
}
