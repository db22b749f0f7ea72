internal import Model

/// What a service, or `gateway.defaults`, says of connections and further tries.
struct UpstreamDeclaration {
    var retries: Located<Int>?
    var retryOn: Located<[Located<RetryCondition>]>?
    var retryMethods: Located<RetryMethods>?
    var tryTimeout: Located<Duration?>?
    var retryBudget: Located<Int>?
    var retryBudgetFloor: Located<Int>?
    var maxConnections: Located<Int?>?
    var maxQueue: Located<Int>?
    var queueTimeout: Located<Duration>?
    var maxIdleConnections: Located<Int>?
    var keepAliveTimeout: Located<Duration>?
    var maxConnectionAge: Located<Duration?>?

    init() {}

    init(_ object: ObjectReader) {
        retries = object.located(UpstreamFields.retries)
        retryOn = object.located(UpstreamFields.retryOn)
        retryMethods = object.located(UpstreamFields.retryMethods)
        tryTimeout = object.located(UpstreamFields.tryTimeout)
        retryBudget = object.located(UpstreamFields.retryBudget)
        retryBudgetFloor = object.located(UpstreamFields.retryBudgetFloor)
        maxConnections = object.located(UpstreamFields.maxConnections)
        maxQueue = object.located(UpstreamFields.maxQueue)
        queueTimeout = object.located(UpstreamFields.queueTimeout)
        maxIdleConnections = object.located(UpstreamFields.maxIdleConnections)
        keepAliveTimeout = object.located(UpstreamFields.keepAliveTimeout)
        maxConnectionAge = object.located(UpstreamFields.maxConnectionAge)
    }
}

extension RetryPolicy {
    /// What is declared, and for the rest what is inherited.
    init(_ declared: UpstreamDeclaration, or inherited: RetryPolicy) {
        let conditions = declared.retryOn.map { Located(RetryConditions($0.value.map(\.value)), at: $0.span) }
        self.init(
            limit: Setting(declared.retries, or: inherited.limit),
            conditions: Setting(conditions, or: inherited.conditions),
            methods: Setting(declared.retryMethods, or: inherited.methods),
            tryTimeout: Setting(declared.tryTimeout, or: inherited.tryTimeout),
            budget: Setting(declared.retryBudget, or: inherited.budget),
            budgetFloor: Setting(declared.retryBudgetFloor, or: inherited.budgetFloor))
    }

    /// With another number of tries.
    func with(limit: Setting<Int>) -> RetryPolicy {
        RetryPolicy(
            limit: limit, conditions: conditions, methods: methods, tryTimeout: tryTimeout, budget: budget,
            budgetFloor: budgetFloor)
    }
}

extension PoolPolicy {
    /// What is declared, and for the rest what is inherited.
    init(_ declared: UpstreamDeclaration, or inherited: PoolPolicy) {
        self.init(
            maxConnections: Setting(declared.maxConnections, or: inherited.maxConnections),
            maxQueue: Setting(declared.maxQueue, or: inherited.maxQueue),
            queueTimeout: Setting(declared.queueTimeout, or: inherited.queueTimeout),
            maxIdleConnections: Setting(declared.maxIdleConnections, or: inherited.maxIdleConnections),
            keepAliveTimeout: Setting(declared.keepAliveTimeout, or: inherited.keepAliveTimeout),
            maxConnectionAge: Setting(declared.maxConnectionAge, or: inherited.maxConnectionAge))
    }
}
