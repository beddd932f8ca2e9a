//! What happens in a film rental. In: random numbers. Out: one statement, which a key may refuse.

/// One of the statements that the application has, or that somebody types.
pub(super) fn one(random: &mut fastrand::Rng) -> String {
    let mut some = |most: u32| random.u32(1..=most);
    let (film, actor, customer, rental) = (some(12), some(6), some(16), some(60));
    let (address, city, language, category) = (some(16), some(6), some(3), some(4));
    let (inventory, staff, serial) = (some(24), some(2), some(100_000));
    match random.u8(0..30) {
        0..5 => format!(
            "INSERT INTO rental (inventory_id, customer_id, staff_id) VALUES ({inventory}, {customer}, {staff})"
        ),
        5..8 => format!(
            "INSERT INTO payment (customer_id, staff_id, rental_id, amount)
             SELECT customer_id, {staff}, rental_id, 0.99 + {serial} % 9 FROM rental ORDER BY RAND({serial}) LIMIT 1"
        ),
        8 | 9 => format!("UPDATE rental SET return_date = NOW() WHERE rental_id = {rental}"),
        // Payments lose their rental: the key sets NULL.
        10 | 11 => format!("DELETE FROM rental WHERE rental_id = {rental}"),
        12 => format!("DELETE FROM payment WHERE payment_id = {rental}"),
        13 => format!("UPDATE rental SET customer_id = {customer} WHERE rental_id = {rental}"),
        14 => format!("UPDATE inventory SET film_id = {film} WHERE inventory_id = {inventory}"),
        15 => format!("UPDATE film SET title = 'Film {serial}', description = NULL WHERE film_id = {film}"),
        16 => {
            format!("UPDATE film SET language_id = {language}, rental_rate = {serial} % 9 + 0.5 WHERE film_id = {film}")
        }
        17 => {
            format!("UPDATE film SET rating = 'R', special_features = 'Trailers,Commentaries' WHERE film_id = {film}")
        }
        18 => format!("INSERT IGNORE INTO film_actor (actor_id, film_id) VALUES ({actor}, {film})"),
        19 => format!("DELETE FROM film_actor WHERE actor_id = {actor} AND film_id = {film}"),
        20 => format!("UPDATE actor SET last_name = 'N{serial}' WHERE actor_id = {actor}"),
        21 => format!("INSERT IGNORE INTO film_category (film_id, category_id) VALUES ({film}, {category})"),
        22 => format!("DELETE FROM film_category WHERE film_id = {film} AND category_id = {category}"),
        23 => {
            format!("UPDATE customer SET address_id = {address}, active = {serial} % 2 WHERE customer_id = {customer}")
        }
        24 => format!("UPDATE address SET city_id = {city}, postal_code = '{serial}' WHERE address_id = {address}"),
        25 => format!("UPDATE city SET country_id = 1 + {serial} % 4 WHERE city_id = {city}"),
        26 => format!("UPDATE country SET country = 'land {serial}' WHERE country_id = 1 + {serial} % 4"),
        27 => format!("UPDATE category SET name = 'kind {serial}' WHERE category_id = {category}"),
        // A key that others refer to, and back: theirs change with it, unlogged on MariaDB.
        28 if serial % 2 == 0 => format!("UPDATE staff SET username = 'u{serial}' WHERE staff_id = {staff}"),
        28 => format!("UPDATE language SET language_id = {} WHERE language_id = {language}", serial % 9 + 1),
        // Two films change places on the shelf.
        _ => format!(
            "UPDATE inventory SET film_id = IF(inventory_id = {inventory}, {film}, {}) WHERE inventory_id IN ({inventory}, {})",
            serial % 12 + 1,
            serial % 24 + 1
        ),
    }
}
