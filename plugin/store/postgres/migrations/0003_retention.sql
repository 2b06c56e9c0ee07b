-- SPDX-License-Identifier: Apache-2.0
-- Bodies go into a part per month (UTC), and a month is dropped whole: at once, and the room is free
-- without a vacuum. What is still needed of it goes to the part without a month before, where what
-- was there before this migration is too. The rows that say what a body is stay where they were, so
-- that a repeat is found whatever its month; body_at says in which part the body is (0: without a
-- month), and a body that is not there is kept no more.

CREATE INDEX events_by_message ON events (message) WHERE message IS NOT NULL;

ALTER TABLE messages ADD COLUMN body_at bigint NOT NULL DEFAULT 0;
CREATE TABLE message_bodies (
  number bigint NOT NULL,
  at bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (number, at)
) PARTITION BY RANGE (at);
CREATE TABLE message_bodies_kept PARTITION OF message_bodies DEFAULT;
INSERT INTO message_bodies SELECT number, 0, body FROM messages;
ALTER TABLE messages DROP COLUMN body;

ALTER TABLE facts ADD COLUMN body_at bigint NOT NULL DEFAULT 0;
CREATE TABLE fact_bodies (
  number bigint NOT NULL,
  at bigint NOT NULL,
  history bytea NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (number, at)
) PARTITION BY RANGE (at);
CREATE TABLE fact_bodies_kept PARTITION OF fact_bodies DEFAULT;
INSERT INTO fact_bodies SELECT number, 0, history, body FROM facts;
ALTER TABLE facts DROP COLUMN history, DROP COLUMN body;

ALTER TABLE deliveries ADD COLUMN body_at bigint NOT NULL DEFAULT 0;
ALTER TABLE delivery_bodies RENAME TO delivery_bodies_before;
CREATE TABLE delivery_bodies (
  number bigint NOT NULL,
  at bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (number, at)
) PARTITION BY RANGE (at);
CREATE TABLE delivery_bodies_kept PARTITION OF delivery_bodies DEFAULT;
INSERT INTO delivery_bodies SELECT number, 0, body FROM delivery_bodies_before;
DROP TABLE delivery_bodies_before;

-- The months of one of the three tables; `ends` is the first instant after it.
CREATE FUNCTION body_months(parent text) RETURNS TABLE (name text, starts bigint, ends bigint)
  LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT relname, (extract(epoch FROM month) * 1000)::bigint,
    (extract(epoch FROM month + interval '1 month') * 1000)::bigint
  FROM (SELECT c.relname::text, to_date(right(c.relname, 6), 'YYYYMM')::timestamp AS month
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = format('%I.%I', current_schema(), parent)::regclass
    AND c.relname ~ '_m[0-9]{6}$') AS months
$$;

-- Makes this month's parts and the next month's. A month of which there are bodies in the part
-- without a month already, as after a clock that was wrong, gets none: they would have to move.
-- The owner's rights, since a node's user may have none to make tables.
CREATE FUNCTION make_body_months() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  parent text;
  month timestamp;
  name text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['message_bodies', 'fact_bodies', 'delivery_bodies'] LOOP
    FOR step IN 0..1 LOOP
      month := date_trunc('month', to_timestamp(now_ms() / 1000.0) AT TIME ZONE 'UTC')
        + step * interval '1 month';
      name := parent || '_m' || to_char(month, 'YYYYMM');
      CONTINUE WHEN to_regclass(format('%I.%I', current_schema(), name)) IS NOT NULL;
      BEGIN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%s) TO (%s)', name, parent,
          (extract(epoch FROM month) * 1000)::bigint,
          (extract(epoch FROM month + interval '1 month') * 1000)::bigint);
      EXCEPTION WHEN check_violation THEN NULL;
      END;
    END LOOP;
  END LOOP;
END $$;

-- Drops a month of one of the three tables; gives how many bodies were in it.
CREATE FUNCTION drop_body_month(parent text, month bigint) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  part text;
  bodies bigint;
BEGIN
  SELECT m.name INTO STRICT part FROM body_months(parent) m WHERE m.starts = month;
  EXECUTE format('SELECT count(*) FROM %I', part) INTO bodies;
  EXECUTE format('DROP TABLE %I', part);
  RETURN bodies;
END $$;

-- They act with the owner's rights, so nobody has them unasked.
REVOKE EXECUTE ON FUNCTION make_body_months(), drop_body_month(text, bigint) FROM PUBLIC;
