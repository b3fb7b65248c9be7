package io.larder.client.examples.shop;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The shop's pages. Any thread. */
@RestController
public class ShopController {
    private final Products products;

    /** Of these products. */
    public ShopController(Products products) {
        this.products = products;
    }

    /** A product, or 404. */
    @GetMapping("/products/{id}")
    public ResponseEntity<Product> product(@PathVariable("id") long id) {
        return ResponseEntity.ofNullable(products.find(id));
    }

    /** How often this shop has asked the database. */
    @GetMapping("/loads")
    public long loads() {
        return products.loads();
    }
}
