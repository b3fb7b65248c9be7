package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.HeapMemory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class VersionRecordTest {
    private static final int SHARDS = 2;

    private final HeapMemory words = HeapMemory.allocate(VersionRecord.bytes(SHARDS));
    private final VersionRecord record = VersionRecord.in(words, SHARDS);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void versions_areFoundAgain() {
        record.given(0, 77);
        record.given(1, 1L << 47);
        record.fillFloor(1, 5);

        VersionRecord found = VersionRecord.in(words, SHARDS);

        assertThat(found.last(0)).isEqualTo(77);
        assertThat(found.last(1)).isEqualTo(1L << 47);
        assertThat(found.fillFloor(0)).isZero();
        assertThat(found.fillFloor(1)).isEqualTo(5);
        assertThat(found.isSound()).isTrue();
    }

    @Test
    void floors_areFoundAgainInTheirShard() {
        int tag = record.ruleOfTag(99);
        record.raise(0, tag, 10);
        record.raise(1, tag, 20);
        record.raise(1, record.ruleOfPrefix(3, bytes("user:")), 30);

        ShardFloors floors = new ShardFloors();
        assertThat(VersionRecord.in(words, SHARDS).restore(1, floors)).isTrue();

        assertThat(floors.active()).isNotNull();
        assertThat(floors.active().tags.floor(99)).isEqualTo(20);
        assertThat(floors.active().prefixes.size()).isOne();
    }

    @Test
    void sameName_hasTheSameRule_whileItHasAFloor() {
        int rule = record.ruleOfTag(99);
        record.raise(0, rule, 10);

        assertThat(record.ruleOfTag(99)).isEqualTo(rule);
        assertThat(record.ruleOfTag(98)).isNotEqualTo(rule);

        record.retire(0, 10);
        assertThat(record.ruleOfTag(97)).isEqualTo(rule);
    }

    @Test
    void prefixThatBeginsAnother_hasARuleOfItsOwn() {
        int longer = record.ruleOfPrefix(1, bytes("user:"));
        record.raise(0, longer, 1);

        assertThat(record.ruleOfPrefix(1, bytes("user"))).isNotEqualTo(longer);
        assertThat(record.ruleOfPrefix(2, bytes("user:"))).isNotEqualTo(longer);
        assertThat(record.ruleOfPrefix(1, bytes("user:"))).isEqualTo(longer);
    }

    @Test
    void moreRulesThanThereAre_haveNoRoom() {
        for (int tag = 1; tag <= TagFloors.TAGS_MAX; tag++) {
            record.raise(0, record.ruleOfTag(tag), tag);
        }

        assertThat(record.ruleOfTag(TagFloors.TAGS_MAX + 1)).isEqualTo(VersionRecord.NO_RULE);
    }

    @Test
    void anyFlippedBitOfAVersion_isNoticed() {
        record.given(0, 123_456);
        for (int bit = 0; bit < Long.SIZE; bit++) {
            words.putLong(0, words.getLong(0) ^ 1L << bit);
            assertThat(record.isSound()).isFalse();
            words.putLong(0, words.getLong(0) ^ 1L << bit);
        }
    }

    @Test
    void nameOfAnother_isNoticed() {
        record.raise(0, record.ruleOfTag(99), 10);
        for (long position = 0; position < words.bytes(); position += 8) {
            if (words.getLong(position) == 99) {
                words.putLong(position, 98);
            }
        }

        assertThat(record.isSound()).isFalse();
    }
}
