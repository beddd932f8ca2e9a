-- Places on a map: geometries of PostGIS as GeoJSON, on the root and on a child, as PGSync's example `geo` has them.
-- features: 47
-- least: 15
-- needs: postgis
-- mysql: no, the geometries are made by functions of PostGIS
CREATE SCHEMA gis;
CREATE EXTENSION postgis SCHEMA gis;
CREATE TABLE district (id integer PRIMARY KEY, name text, border gis.geometry(Geometry, 4326));
CREATE TABLE place (
  id integer PRIMARY KEY,
  title text,
  location gis.geometry(Point, 4326),
  outline gis.geometry,
  district_id integer REFERENCES district ON DELETE SET NULL
);
