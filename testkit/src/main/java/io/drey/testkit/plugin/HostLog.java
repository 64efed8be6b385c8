package io.drey.testkit.plugin;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.slf4j.LoggerFactory;

/** What the plugin host complains about while this is open: threads that are left, calls that are late, and the like. */
final class HostLog extends AbstractAppender implements AutoCloseable {
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Logger logger;

    private HostLog(Logger logger) {
        super("drey-plugin-contract", null, null, true, Property.EMPTY_ARRAY);
        this.logger = logger;
    }

    /**
     * Begins to listen.
     *
     * @throws AssertionError when the host's log goes to something else than Log4j
     */
    static HostLog open() {
        if (!LoggerFactory.getILoggerFactory().getClass().getName().startsWith("org.apache.logging.slf4j.")
                || !(LogManager.getLogger("io.drey.core.host") instanceof Logger logger)) {
            throw new AssertionError("slf4j is bound to "
                    + LoggerFactory.getILoggerFactory().getClass().getName()
                    + ". Remove other slf4j providers from the test's class path: the suite reads the host's log through"
                    + " Log4j, which the test kit brings");
        }
        var log = new HostLog(logger);
        log.start();
        logger.addAppender(log);
        return log;
    }

    @Override
    public void append(LogEvent event) {
        if (event.getLevel().isMoreSpecificThan(Level.WARN)) {
            complaints.add(event.getMessage().getFormattedMessage());
        }
    }

    /** What was said so far is known already. */
    void forget() {
        complaints.clear();
    }

    List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public void close() {
        logger.removeAppender(this);
        stop();
    }
}
