package io.drey.engine;

/** Something that happens in a {@link FaultyRun}, and how often beside the others. */
enum Move {
    EDIT(4),
    EDIT_STATELESS(1),
    EDIT_TAKEN_BACK(2),
    SUSPEND(1),
    INVALID_EDIT(1),
    SCALE(2),
    DELETE_AND_CREATE(1),
    JOB_WORKS(4),
    CHECKPOINT(3),
    JOB_MANAGER_DIES(1),
    JOB_MANAGER_IS_SILENT(1),
    JOB_MANAGER_ANSWERS(1),
    JOB_MANAGER_STARTS_SLOWLY(1),
    JOB_CHANGES_STATE(1),
    SAVEPOINTS_GO_OTHERWISE(2),
    DEPLOYMENT_LOST(1),
    METADATA_LOST(1),
    ZOOKEEPER_UNREACHABLE(1),
    FLINK_REFUSES_RESCALES(1),
    FLINK_LOSES_ANSWERS(1),
    FLINK_VIEWS_ARE_OLD(1),
    OPERATOR_DIES(1),
    OPERATOR_DIES_AT_AN_EFFECT(2),
    OPERATOR_PAUSED_WHILE_ANOTHER_LEADS(1),
    CLOCK_OF_THE_OPERATOR_IS_OFF(1),
    API_SERVER_REFUSES(2),
    API_SERVER_ANSWERS_LATE(1),
    READS_FAIL(1),
    POLICY_REFUSES_LAUNCHES(1),
    ROLE_BINDING_LOST(1),
    CACHE_IS_STALE(1),
    CACHE_OF_A_KIND_LAGS(1),
    PLUGIN_FAILS(1),
    TYPING_ERROR(1),
    TIME_PASSES(2),
    /** Once at the end, in place of getting well. */
    NAMESPACE_DELETED(0),
    /** At the end, where a deletion waits for a savepoint that cannot be taken. */
    USER_LETS_GO_OF_THE_SAVEPOINT(0),
    /** At the end, where the newest state is unreadable. */
    USER_NAMES_THE_STATE(0);

    final int weight;

    Move(int weight) {
        this.weight = weight;
    }
}
