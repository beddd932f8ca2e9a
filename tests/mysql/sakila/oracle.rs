//! The documents as the server puts them together: one query, of functions that MySQL and MariaDB have in common. Values are made
//! texts one by one, since a number that goes through the server's JSON does not keep its digits everywhere.

/// A member of an object.
type Member<'a> = (&'a str, String);

fn object(members: &[Member<'_>]) -> String {
    let members: Vec<String> =
        members.iter().map(|(name, value)| format!("'\"{name}\":', COALESCE({value}, 'null')")).collect();
    format!("CONCAT('{{', {}, '}}')", members.join(", ',', "))
}

fn text(column: &str) -> String {
    format!("JSON_QUOTE(CONVERT({column} USING utf8mb4))")
}

fn moment(column: &str) -> String {
    format!("DATE_FORMAT({column}, '\"%Y-%m-%dT%H:%i:%s\"')")
}

fn number(column: &str) -> String {
    format!("CONCAT({column})")
}

fn one(value: &str, from: &str) -> String {
    format!("(SELECT {value} FROM {from})")
}

/// NULL where there is no row.
fn many(value: &str, order: &str, from: &str) -> String {
    format!("(SELECT CONCAT('[', GROUP_CONCAT({value} ORDER BY {order} SEPARATOR ','), ']') FROM {from})")
}

fn film() -> String {
    let actor = object(&[("first_name", text("a.first_name")), ("last_name", text("a.last_name"))]);
    let listed =
        object(&[("category", text("l.category")), ("price", number("l.price")), ("actors", text("l.actors"))]);
    object(&[
        ("title", text("f.title")),
        ("release_year", number("f.release_year + 0")),
        ("rental_rate", number("f.rental_rate")),
        ("rating", text("f.rating")),
        ("special_features", text("f.special_features")),
        ("language", one(&text("g.name"), "language g WHERE g.language_id = f.language_id")),
        (
            "actor",
            many(
                &actor,
                "a.actor_id",
                "film_actor fa JOIN actor a ON a.actor_id = fa.actor_id WHERE fa.film_id = f.film_id",
            ),
        ),
        (
            "category",
            many(
                &text("k.name"),
                "k.category_id",
                "film_category fk JOIN category k ON k.category_id = fk.category_id WHERE fk.film_id = f.film_id",
            ),
        ),
        ("film_text", one(&text("t.description"), "film_text t WHERE t.film_id = f.film_id")),
        ("listed", many(&listed, "l.category", "film_list l WHERE l.FID = f.film_id")),
    ])
}

/// Key and document of each customer.
pub(super) fn customers() -> String {
    let country = one(&object(&[("country", text("y.country"))]), "country y WHERE y.country_id = i.country_id");
    let city = one(&object(&[("city", text("i.city")), ("country", country)]), "city i WHERE i.city_id = d.city_id");
    let address = object(&[
        ("address", text("d.address")),
        ("district", text("d.district")),
        ("postal_code", text("d.postal_code")),
        (
            "location",
            "CONCAT('{\"type\":\"Point\",\"coordinates\":[', ST_X(d.location), ',', ST_Y(d.location), ']}')".to_owned(),
        ),
        ("city", city),
    ]);
    let payment = object(&[
        ("payment_id", number("p.payment_id")),
        ("amount", number("p.amount")),
        ("payment_date", moment("p.payment_date")),
        ("rental_id", number("p.rental_id")),
    ]);
    let listed = object(&[
        ("name", text("v.name")),
        ("zip code", text("v.`zip code`")),
        ("country", text("v.country")),
        ("notes", text("v.notes")),
    ]);
    let inventory = object(&[
        ("inventory_id", number("n.inventory_id")),
        ("store_id", number("n.store_id")),
        ("film", one(&film(), "film f WHERE f.film_id = n.film_id")),
    ]);
    let staff = object(&[("first_name", text("s.first_name")), ("username", text("s.username"))]);
    let rental = object(&[
        ("rental_id", number("r.rental_id")),
        ("rental_date", moment("r.rental_date")),
        ("return_date", moment("r.return_date")),
        ("inventory", one(&inventory, "inventory n WHERE n.inventory_id = r.inventory_id")),
        ("staff", one(&staff, "staff s WHERE s.staff_id = r.staff_id")),
    ]);
    let customer = object(&[
        ("customer_id", number("c.customer_id")),
        ("first_name", text("c.first_name")),
        ("last_name", text("c.last_name")),
        ("email", text("c.email")),
        ("active", number("c.active")),
        ("create_date", moment("c.create_date")),
        ("address", one(&address, "address d WHERE d.address_id = c.address_id")),
        ("payment", many(&payment, "p.payment_id", "payment p WHERE p.customer_id = c.customer_id")),
        ("listed", one(&listed, "customer_list v WHERE v.ID = c.customer_id")),
        ("rental", many(&rental, "r.rental_id", "rental r WHERE r.customer_id = c.customer_id")),
    ]);
    format!("SELECT c.customer_id, {customer} FROM customer c")
}
