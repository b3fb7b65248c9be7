package io.larder.client.spring.boot;

import io.larder.client.Larder;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The health of the servers, unless {@code management.health.larder.enabled=false}. */
@AutoConfiguration(
        after = LarderAutoConfiguration.class,
        beforeName =
                "org.springframework.boot.actuate.autoconfigure.health.HealthContributorAutoConfiguration")
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(Larder.class)
@ConditionalOnEnabledHealthIndicator("larder")
public class LarderHealthAutoConfiguration {
    /** For Spring. */
    public LarderHealthAutoConfiguration() {}

    /** Named {@code larder} in the answer. */
    @Bean
    @ConditionalOnMissingBean(name = "larderHealthIndicator")
    public LarderHealthIndicator larderHealthIndicator(Larder larder) {
        return new LarderHealthIndicator(larder);
    }
}
