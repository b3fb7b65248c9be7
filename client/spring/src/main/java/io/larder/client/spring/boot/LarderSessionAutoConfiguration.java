package io.larder.client.spring.boot;

import io.larder.client.Larder;
import io.larder.client.api.Codec;
import io.larder.client.spring.JsonValues;
import io.larder.client.spring.session.LarderSessionRepository;
import io.larder.client.spring.session.SessionState;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.session.SessionRepository;
import org.springframework.session.config.annotation.web.http.SpringHttpSessionConfiguration;

/**
 * Web sessions in Larder, with {@code larder.session.enabled=true}. A bean {@code
 * Codec<SessionState>} says how they are written, if JSON will not do.
 */
@AutoConfiguration(
        after = LarderAutoConfiguration.class,
        beforeName = "org.springframework.boot.autoconfigure.session.SessionAutoConfiguration")
@ConditionalOnClass(SessionRepository.class)
@ConditionalOnBean(Larder.class)
@ConditionalOnProperty("larder.session.enabled")
public class LarderSessionAutoConfiguration {
    /** For Spring. */
    public LarderSessionAutoConfiguration() {}

    /** The sessions. */
    @Bean
    @ConditionalOnMissingBean(SessionRepository.class)
    public LarderSessionRepository larderSessionRepository(
            Larder larder,
            LarderProperties properties,
            ObjectProvider<Codec<SessionState>> codec,
            BeanFactory beans) {
        LarderProperties.Session session = properties.session();
        return new LarderSessionRepository(
                larder,
                session.region(),
                codec.getIfAvailable(
                        () ->
                                JsonValues.ofPackages(
                                        LarderAutoConfiguration.packages(properties, beans),
                                        SessionState.class)),
                session.timeout());
    }

    /** The filter that has requests use them. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnMissingBean(SpringHttpSessionConfiguration.class)
    @Import(SpringHttpSessionConfiguration.class)
    static class OfServlets {}
}
