package io.larder.client.jcache.hibernate;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.ManyToOne;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Objects;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;

@Entity
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.NONSTRICT_READ_WRITE)
class Book {
    @Embeddable
    static class Isbn implements Serializable {
        @Column(name = "isbn_group")
        String group;

        String title;

        Isbn() {}

        Isbn(String group, String title) {
            this.group = group;
            this.title = title;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Isbn isbn
                    && group.equals(isbn.group)
                    && title.equals(isbn.title);
        }

        @Override
        public int hashCode() {
            return Objects.hash(group, title);
        }
    }

    @EmbeddedId Isbn isbn;
    BigDecimal price;
    @ManyToOne Author author;
}
