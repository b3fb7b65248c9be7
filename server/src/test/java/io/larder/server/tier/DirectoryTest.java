package io.larder.server.tier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DirectoryTest {
    private static final long ONE_BUCKET = 64;

    private final Directory directory = new Directory(ONE_BUCKET);

    private static long hash(int tag) {
        return (long) tag << 32;
    }

    @Test
    void put_isNamed_untilRemoved() {
        directory.put(hash(1), 100);
        assertThat(directory.stamp(hash(1))).isEqualTo(100);
        assertThat(directory.stamp(hash(2))).isZero();
        assertThat(directory.items()).isEqualTo(1);

        assertThat(directory.remove(hash(1))).isTrue();
        assertThat(directory.stamp(hash(1))).isZero();
        assertThat(directory.remove(hash(1))).isFalse();
        assertThat(directory.items()).isZero();
    }

    @Test
    void put_again_takesTheFirstOnesPlace() {
        directory.put(hash(1), 100);
        directory.markRead(hash(1), 100);
        directory.put(hash(1), 200);

        assertThat(directory.stamp(hash(1))).isEqualTo(200);
        assertThat(directory.wasRead(hash(1))).isFalse();
        assertThat(directory.items()).isEqualTo(1);
    }

    @Test
    void put_intoAFullBucket_costsTheOldest() {
        for (int tag = 1; tag <= 8; tag++) {
            directory.put(hash(tag), 1000 - tag);
        }
        directory.put(hash(9), 5000);

        assertThat(directory.stamp(hash(8))).isZero();
        assertThat(directory.stamp(hash(7))).isEqualTo(993);
        assertThat(directory.stamp(hash(9))).isEqualTo(5000);
        assertThat(directory.items()).isEqualTo(8);
    }

    @Test
    void changes_tellOfEveryWordThatComesOrGoes_andOfNothingElse() {
        long before = directory.changes();
        directory.remove(hash(1));
        directory.markRead(hash(1), 1);
        assertThat(directory.changes()).isEqualTo(before);

        directory.put(hash(1), 1);
        assertThat(directory.changes()).isEqualTo(before + 1);
        directory.markRead(hash(1), 1);
        assertThat(directory.changes()).isEqualTo(before + 1);
        directory.remove(hash(1));
        assertThat(directory.changes()).isEqualTo(before + 2);
        directory.clear();
        assertThat(directory.changes()).isEqualTo(before + 3);
    }

    @Test
    void markRead_ofAnotherStamp_isNothing() {
        directory.put(hash(1), 100);
        directory.markRead(hash(1), 99);
        assertThat(directory.wasRead(hash(1))).isFalse();
        directory.markRead(hash(1), 100);
        assertThat(directory.wasRead(hash(1))).isTrue();
    }

    @Test
    void restored_isAsItWas() {
        directory.put(hash(3), 300);
        directory.markRead(hash(3), 300);
        Directory other = new Directory(ONE_BUCKET);
        for (int at = 0; at < directory.capacity(); at++) {
            other.restore(at, directory.word(at));
        }
        assertThat(other.stamp(hash(3))).isEqualTo(300);
        assertThat(other.wasRead(hash(3))).isTrue();
        assertThat(other.items()).isEqualTo(1);
    }
}
