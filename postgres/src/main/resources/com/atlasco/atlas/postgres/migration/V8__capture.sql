-- Which analytics store a replication slot was made for: a slot is confirmed by one store only, and dropped by no other.
CREATE TABLE capture_slot (
    slot_name  text        NOT NULL COLLATE "C" PRIMARY KEY,
    store      text        NOT NULL COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT now()
);
