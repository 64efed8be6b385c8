package io.drey.plugin.recovery;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** @param revisions that were rolled back, the newest last, not more than a few */
@JsonIgnoreProperties(ignoreUnknown = true)
record RejectedRevisions(List<Rejected> revisions) {
    /** Nothing was rolled back. */
    static final RejectedRevisions NONE = new RejectedRevisions(List.of());

    private static final int MOST = 5;

    /**
     * @param fingerprint of its spec
     * @param generation that it was
     * @param at when it was rolled back
     * @param why as the end of a sentence about it
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Rejected(
            String fingerprint,
            long generation,
            @JsonFormat(shape = JsonFormat.Shape.STRING) Instant at,
            String why) {}

    RejectedRevisions {
        revisions = revisions == null ? List.of() : List.copyOf(revisions);
    }

    RejectedRevisions with(Rejected revision) {
        List<Rejected> kept = new ArrayList<>(revisions);
        kept.removeIf(old -> old.fingerprint().equals(revision.fingerprint()));
        kept.add(revision);
        return new RejectedRevisions(kept.subList(Math.max(0, kept.size() - MOST), kept.size()));
    }

    Optional<Rejected> find(String fingerprint) {
        return revisions.stream()
                .filter(revision -> revision.fingerprint().equals(fingerprint))
                .findFirst();
    }
}
