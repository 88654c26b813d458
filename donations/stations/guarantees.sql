-- Donation stations.

-- The accounts of its cash are found by it.
CREATE OR REPLACE FUNCTION donations_station_code_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'station % keeps its code', OLD.code
        USING ERRCODE = 'check_violation', CONSTRAINT = 'station_keeps_its_code';
END $$;
CREATE OR REPLACE TRIGGER station_keeps_its_code BEFORE UPDATE OF code ON donations_station
    FOR EACH ROW WHEN (OLD.code <> NEW.code) EXECUTE FUNCTION donations_station_code_kept();
