package io.larder.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.metrics.UserFigures;
import org.junit.jupiter.api.Test;

class UserAccountsTest {
    private final UserAccounts accounts = new UserAccounts();

    @Test
    void user_hasOneAccount_whichIsKept() {
        accounts.of("eve").countRequests(2);
        accounts.of("ada").countRequests(1);
        accounts.of("eve").countRequests(3);

        assertThat(accounts.all()).extracting(UserFigures::user).containsExactly("ada", "eve");
        assertThat(accounts.of("eve").requests()).isEqualTo(5);
    }

    @Test
    void accounts_areBounded_laterUsersShareOne() {
        for (int i = 0; i < UserAccounts.USERS_MAX + 100; i++) {
            accounts.of("u" + i).countRequests(1);
        }

        assertThat(accounts.all()).hasSize(UserAccounts.USERS_MAX + 1);
        assertThat(accounts.of(UserAccounts.OTHERS).requests()).isEqualTo(100);
        assertThat(accounts.of("u0").requests()).isEqualTo(1);
    }
}
