package io.larder.bench.linearizable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Histories of which one knows what to think. */
class LinearizabilityCheckTest {
    private final Histories history = new Histories();

    private void assertGood() {
        assertThat(history.verdict()).isEqualTo(Verdict.LINEARIZABLE);
    }

    private void assertBad() {
        assertThat(history.verdict().kind()).isEqualTo(Verdict.Kind.VIOLATED);
    }

    @Test
    void nothing_isGood() {
        assertGood();
    }

    @Test
    void oneAfterAnother_isGood() {
        history.did(0, 1, Action.GET, Answer.MISS)
                .set(2, 3, 7, 10)
                .got(4, 5, 7, 10)
                .did(6, 7, Action.DELETE, Answer.OK)
                .did(8, 9, Action.GET, Answer.MISS)
                .did(10, 11, Action.DELETE, Answer.MISS);
        assertGood();
    }

    @Test
    void readOfWhatWasOverwritten_isBad() {
        history.set(0, 1, 7, 10).set(2, 3, 8, 11).got(4, 5, 7, 10);
        assertBad();
    }

    @Test
    void readWhileOverwritten_mayFindEither() {
        history.set(0, 1, 7, 10).set(2, 9, 8, 11).got(3, 4, 7, 10).got(5, 6, 8, 11);
        assertGood();
    }

    @Test
    void readsThatGoBack_areBad() {
        history.set(0, 1, 7, 10).set(2, 9, 8, 11).got(3, 4, 8, 11).got(5, 6, 7, 10);
        assertBad();
    }

    @Test
    void readBeforeItsWriteWasCalled_isBad() {
        history.got(0, 1, 7, 10).set(2, 3, 7, 10);
        assertBad();
    }

    /** In every order of the events of a moment: calls come first. */
    @Test
    void readThatReturnsAsItsWriteIsCalled_overlapsIt() {
        history.got(0, 2, 7, 10).set(2, 3, 7, 10);
        assertGood();
    }

    @Test
    void lostUpdateOfACounter_isBad() {
        history.set(0, 1, 0, 1).added(2, 5, 1, 1, 2).added(3, 6, 1, 1, 3);
        assertBad();
    }

    @Test
    void bothUpdatesOfACounter_areGoodInEitherOrder() {
        history.set(0, 1, 0, 1).added(2, 5, 1, 2, 3).added(3, 6, 1, 1, 2).got(7, 8, 2, 3);
        assertGood();
    }

    @Test
    void writeThatIsNeverSeen_isBad() {
        history.set(0, 1, 7, 10).set(2, 3, 8, 11).got(4, 5, 7, 10).got(6, 7, 7, 10);
        assertBad();
    }

    @Test
    void itemThatSurvivesItsDelete_isBad() {
        history.set(0, 1, 7, 10).did(2, 3, Action.DELETE, Answer.OK).got(4, 5, 7, 10);
        assertBad();
    }

    @Test
    void itemThatSurvivesADeleteUnderWay_isGood() {
        history.set(0, 1, 7, 10).did(2, 6, Action.DELETE, Answer.OK).got(4, 5, 7, 10);
        assertGood();
    }

    @Test
    void twoDeletesOfOneItem_areBad() {
        history.set(0, 1, 7, 10)
                .did(2, 5, Action.DELETE, Answer.OK)
                .did(3, 6, Action.DELETE, Answer.OK);
        assertBad();
    }

    @Test
    void versionThatGoesBack_isBad() {
        history.set(0, 1, 7, 10).set(2, 3, 8, 9);
        assertBad();
    }

    @Test
    void versionThatGoesBackOverADelete_isBad() {
        history.set(0, 1, 7, 10).did(2, 3, Action.DELETE, Answer.OK).set(4, 5, 8, 10);
        assertBad();
    }

    @Test
    void sameValueOfAnotherVersion_isBad() {
        history.set(0, 1, 7, 10).got(2, 3, 7, 11);
        assertBad();
    }

    @Test
    void versions_putOverlappingWritesInOrder() {
        history.set(0, 9, 7, 11).set(0, 9, 8, 10).got(10, 11, 8, 10);
        assertBad();
    }

    @Test
    void compareAndSet_swapsWhatItExpects() {
        history.set(0, 1, 7, 10)
                .did(2, 3, Action.COMPARE_AND_SET, 8, 10, Answer.OK, 0, 12)
                .did(4, 5, Action.COMPARE_AND_SET, 9, 10, Answer.MISMATCH, 0, 12)
                .got(6, 7, 8, 12);
        assertGood();
    }

    @Test
    void twoSwapsOfOneVersion_areBad() {
        history.set(0, 1, 7, 10)
                .did(2, 5, Action.COMPARE_AND_SET, 8, 10, Answer.OK, 0, 12)
                .did(2, 5, Action.COMPARE_AND_SET, 9, 10, Answer.OK, 0, 13);
        assertBad();
    }

    @Test
    void swapRefusedForTheVersionItExpects_isBad() {
        history.set(0, 1, 7, 10).did(2, 3, Action.COMPARE_AND_SET, 8, 10, Answer.MISMATCH, 0, 10);
        assertBad();
    }

    @Test
    void twoAddsOfOneKey_areBad() {
        history.did(0, 5, Action.ADD, 1, 0, Answer.OK, 0, 10)
                .did(0, 5, Action.ADD, 2, 0, Answer.OK, 0, 11);
        assertBad();
    }

    @Test
    void addOfAPresentKey_isRefused() {
        history.did(0, 5, Action.ADD, 1, 0, Answer.OK, 0, 10)
                .did(0, 5, Action.ADD, 2, 0, Answer.EXISTS, 0, 0);
        assertGood();
    }

    @Test
    void touch_findsWhatIsThere() {
        history.set(0, 1, 7, 10)
                .did(2, 3, Action.TOUCH, 0, 0, Answer.OK, 0, 10)
                .did(4, 5, Action.DELETE, Answer.OK)
                .did(6, 7, Action.TOUCH, Answer.MISS);
        assertGood();
    }

    @Test
    void touchThatChangesTheVersion_isBad() {
        history.set(0, 1, 7, 10).did(2, 3, Action.TOUCH, 0, 0, Answer.OK, 0, 11).got(4, 5, 7, 11);
        assertBad();
    }

    @Test
    void count_beginsAtZero() {
        history.did(0, 1, Action.COUNT, 5, 0, Answer.OK, 5, 10).added(2, 3, 2, 7, 11);
        assertGood();
    }

    @Test
    void lostWriteThatIsSeenLater_isGood() {
        history.set(0, 1, 7, 10)
                .lost(2, Action.SET, 8, 0)
                .got(3, 4, 7, 10)
                .got(5, 6, 7, 10)
                .got(7, 8, 8, 12)
                .got(9, 10, 8, 12);
        assertGood();
    }

    @Test
    void lostWriteThatIsNeverSeen_isGood() {
        history.set(0, 1, 7, 10).lost(2, Action.SET, 8, 0).got(3, 4, 7, 10);
        assertGood();
    }

    @Test
    void lostWriteSeenBeforeItsCall_isBad() {
        history.set(0, 1, 7, 10).got(2, 3, 8, 12).lost(4, Action.SET, 8, 0);
        assertBad();
    }

    @Test
    void lostWriteThatHappensTwice_isBad() {
        history.lost(0, Action.SET, 8, 0).got(1, 2, 8, 12).set(3, 4, 7, 13).got(5, 6, 8, 14);
        assertBad();
    }

    @Test
    void lostWriteOfTwoVersions_isBad() {
        history.lost(0, Action.SET, 8, 0).got(1, 2, 8, 12).got(3, 4, 8, 13);
        assertBad();
    }

    @Test
    void lostWriteBelowTheLastVersion_isBad() {
        history.set(0, 1, 7, 10).lost(2, Action.SET, 8, 0).got(3, 4, 8, 10);
        assertBad();
    }

    @Test
    void lostIncrement_countsOnceAtMost() {
        history.set(0, 1, 0, 1).lost(2, Action.INCREMENT, 5, 0).added(3, 4, 1, 6, 8);
        assertGood();
        history.added(5, 6, 1, 12, 9);
        assertBad();
    }

    @Test
    void lostDelete_explainsAMiss() {
        history.set(0, 1, 7, 10)
                .lost(2, Action.DELETE, 0, 0)
                .got(3, 4, 7, 10)
                .did(5, 6, Action.GET, Answer.MISS);
        assertGood();
        history.set(7, 8, 8, 11).did(9, 10, Action.GET, Answer.MISS);
        assertBad();
    }

    @Test
    void lostSwap_happensOnlyToItsVersion() {
        history.set(0, 1, 7, 10)
                .lost(2, Action.COMPARE_AND_SET, 8, 10)
                .set(3, 4, 9, 12)
                .got(5, 6, 8, 13);
        assertBad();
    }

    @Test
    void fillUnderItsLease_isStored() {
        history.did(0, 1, Action.LEASE, 0, 0, Answer.LEASE_YOURS, 0, 77)
                .did(2, 3, Action.LEASE, Answer.LEASE_OTHER)
                .did(4, 5, Action.FILL, 7, 77, Answer.OK, 0, 80)
                .did(6, 7, Action.LEASE, 0, 0, Answer.OK, 7, 80);
        assertGood();
    }

    @Test
    void fillAfterADeleteThatFoundNothing_isNotStored() {
        history.did(0, 1, Action.LEASE, 0, 0, Answer.LEASE_YOURS, 0, 77)
                .did(2, 3, Action.DELETE, Answer.MISS)
                .did(4, 5, Action.FILL, 7, 77, Answer.OK, 0, 80);
        assertBad();
    }

    @Test
    void fillAfterAWriteAndADelete_isNotStored() {
        history.did(0, 1, Action.LEASE, 0, 0, Answer.LEASE_YOURS, 0, 77)
                .set(2, 3, 5, 78)
                .did(4, 5, Action.DELETE, Answer.OK)
                .did(6, 7, Action.FILL, 7, 77, Answer.OK, 0, 80);
        assertBad();
    }

    @Test
    void fillWhileAWriteIsUnderWay_comesBeforeIt() {
        history.did(0, 1, Action.LEASE, 0, 0, Answer.LEASE_YOURS, 0, 77)
                .set(2, 6, 5, 81)
                .did(3, 5, Action.FILL, 7, 77, Answer.OK, 0, 80)
                .got(7, 8, 5, 81);
        assertGood();
    }

    @Test
    void fillUnderAReleasedLease_isNotStored() {
        history.did(0, 1, Action.LEASE, 0, 0, Answer.LEASE_YOURS, 0, 77)
                .did(2, 3, Action.RELEASE, 0, 77, Answer.OK, 0, 0)
                .did(4, 5, Action.FILL, 7, 77, Answer.OK, 0, 80);
        assertBad();
    }

    @Test
    void fillThatIsRefused_isGood() {
        history.did(0, 1, Action.LEASE, 0, 0, Answer.LEASE_YOURS, 0, 77)
                .did(4, 5, Action.FILL, 7, 77, Answer.NOT_STORED, 0, 0)
                .did(6, 7, Action.GET, Answer.MISS);
        assertGood();
    }

    @Test
    void fillWithoutAnAnswer_mayBeStored() {
        history.did(0, 1, Action.LEASE, 0, 0, Answer.LEASE_YOURS, 0, 77)
                .lost(2, Action.FILL, 7, 77)
                .did(3, 4, Action.GET, Answer.MISS)
                .got(5, 6, 7, 80);
        assertGood();
    }

    @Test
    void leaseOfAPresentKey_isBad() {
        history.set(0, 1, 7, 10).did(2, 3, Action.LEASE, 0, 0, Answer.LEASE_YOURS, 0, 77);
        assertBad();
    }

    @Test
    void violation_isToldWithWhatLedToIt() {
        history.set(0, 1, 7, 10)
                .lost(2, Action.DELETE, 0, 0)
                .got(3, 4, 7, 10)
                .set(5, 9, 8, 11)
                .got(6, 7, 6, 9);

        Verdict verdict = history.verdict();

        assertThat(verdict.impossible()).isSameAs(history.operations().get(4));
        assertThat(verdict.window())
                .containsExactly(
                        history.operations().get(1),
                        history.operations().get(3),
                        history.operations().get(4));
        assertThat(verdict.before()).contains(new KeyState(true, 7, 10, true, 0));
        assertThat(verdict.describe("k"))
                .startsWith("key k: VIOLATED\n")
                .contains("value 7, version 10")
                .contains("\n* 0 .. 0 us  client 4  GET -> OK, value 6, version 9\n");
    }

    @Test
    void orderOfTheList_doesNotMatter() {
        for (int i = 0; i < 50; i++) {
            history.set(2 * i, 2 * i + 1, i, i + 1).got(2 * i, 2 * i + 1, i, i + 1);
        }
        Collections.shuffle(history.operations(), new Random(1));
        assertGood();
    }

    /** Without remembering, forty open writes would be 40! orders. */
    @Test
    void manyOpenAtOnce_areDecided() {
        for (int i = 0; i < 40; i++) {
            history.set(0, 100, i, i + 1).got(0, 100, i, i + 1);
            if (i % 4 == 0) {
                history.lost(0, Action.SET, 1_000 + i, 0);
            }
        }
        history.operations().removeIf(each -> each.action() == Action.GET && each.value() > 20);
        assertGood();
    }

    @Test
    void tooManyOpen_areRefused() {
        for (int i = 0; i <= LinearizabilityCheck.OPEN_MAX; i++) {
            history.set(0, 1, i, i + 1);
        }
        assertThatThrownBy(history::verdict)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than 64");
    }

    @Test
    void missAfterWrite_isGoodOnlyWhereItemsAreEvicted() {
        history.set(0, 1, 7, 10).did(2, 3, Action.GET, Answer.MISS);
        assertBad();
        assertThat(history.verdictWithEvictions()).isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void hitAfterMissWithoutWriteBetween_isBadWithEvictions() {
        history.set(0, 1, 7, 10).did(2, 3, Action.GET, Answer.MISS).got(4, 5, 7, 10);
        assertThat(history.verdictWithEvictions().kind()).isEqualTo(Verdict.Kind.VIOLATED);
    }

    @Test
    void evictedWhileRead_mayBeFoundOrNot() {
        history.set(0, 1, 7, 10).got(2, 6, 7, 10).did(3, 5, Action.GET, Answer.MISS);
        assertThat(history.verdictWithEvictions()).isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void versionsThatGoBackOverAnEviction_areBad() {
        history.set(0, 1, 7, 10).did(2, 3, Action.GET, Answer.MISS).set(4, 5, 8, 9);
        assertThat(history.verdictWithEvictions().kind()).isEqualTo(Verdict.Kind.VIOLATED);
    }
}
