package io.drey.plugin.upgrades;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * For how long the job did not run when it was upgraded.
 *
 * @param since when the upgrade that is under way stopped it, epoch milliseconds
 * @param last how long the last one took, milliseconds
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
record Downtime(Optional<Long> since, Optional<Long> last) {
    static final Downtime NEVER = new Downtime(Optional.empty(), Optional.empty());

    Downtime {
        since = since == null ? Optional.empty() : since;
        last = last == null ? Optional.empty() : last;
    }
}
