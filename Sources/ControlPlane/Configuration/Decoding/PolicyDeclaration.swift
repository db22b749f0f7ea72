internal import Model

/// The policies that a route, or `gateway.defaults`, declares.
struct PolicyDeclaration {
    var ipAllow: Located<[AddressPrefix]>?
    var ipDeny: Located<[AddressPrefix]>?
    var cors: Located<CORS?>?
    var requestHeaders: Located<HeaderRules>?
    var responseHeaders: Located<HeaderRules>?
    var securityHeaders: Located<Bool>?
    var maxHeadSize: Located<ByteSize>?

    init() {}

    init(ofRoute object: ObjectReader) {
        let fields = PolicyFields.ofRoute
        ipAllow = object.located(fields.ipAllow)
        ipDeny = object.located(fields.ipDeny)
        cors = object.located(fields.cors)
        requestHeaders = object.located(fields.requestHeaders)
        responseHeaders = object.located(fields.responseHeaders)
        securityHeaders = object.located(fields.securityHeaders)
        maxHeadSize = object.located(PolicyFields.maxHeadSize)
    }

    /// What is declared here, or else what is inherited.
    func over(_ inherited: RoutePolicies) -> RoutePolicies {
        RoutePolicies(
            ipAllow: Setting(ipAllow, or: inherited.ipAllow), ipDeny: Setting(ipDeny, or: inherited.ipDeny),
            cors: Setting(cors, or: inherited.cors),
            requestHeaders: Setting(requestHeaders, or: inherited.requestHeaders),
            responseHeaders: Setting(responseHeaders, or: inherited.responseHeaders),
            securityHeaders: Setting(securityHeaders, or: inherited.securityHeaders),
            maxHeadSize: maxHeadSize.map(Setting.init) ?? inherited.maxHeadSize)
    }
}
