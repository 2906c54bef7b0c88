/// The institutions a figure is compared with.
package struct PeerGroup: Hashable, Sendable {
    package enum Basis: Hashable, Sendable {
        case levelAndKind(level: String, kind: String)
        case kind(String)
        case everyone

        /// Whether an institution is one of those compared with, be it that its own peer group is a closer one.
        package func contains(_ profile: InstitutionProfile) -> Bool {
            switch self {
            case .levelAndKind(let level, let kind): profile.level == level && profile.kind == kind
            case .kind(let kind): profile.kind == kind
            case .everyone: true
            }
        }
    }

    package var basis: Basis
    /// Positions of all members in the evaluated list, ascending; those compared and those only compared with.
    package var members: [Int]
    /// The members whose peer group this is. A group that others fall back on also holds members that have a closer one.
    package var evaluated: [Int]
}

/// Step 1: level × kind if it has enough evaluated institutions, else all of the kind if they are enough, else all.
package enum PeerGrouping {
    /// The distinct peer groups; each position is evaluated in exactly one.
    package static func groups(of profiles: [InstitutionProfile], minimumPeers: Int) -> [PeerGroup] {
        var byLevelAndKind: [PeerGroup.Basis: [Int]] = [:]
        var byKind: [String: [Int]] = [:]
        for (position, profile) in profiles.enumerated() {
            byLevelAndKind[.levelAndKind(level: profile.level, kind: profile.kind), default: []].append(position)
            byKind[profile.kind, default: []].append(position)
        }
        var groups: [PeerGroup] = []
        var indexOfBasis: [PeerGroup.Basis: Int] = [:]
        for (position, profile) in profiles.enumerated() {
            let close = PeerGroup.Basis.levelAndKind(level: profile.level, kind: profile.kind)
            let basis: PeerGroup.Basis
            let members: [Int]
            if let peers = byLevelAndKind[close], peers.count >= minimumPeers {
                (basis, members) = (close, peers)
            } else if let peers = byKind[profile.kind], peers.count >= minimumPeers {
                (basis, members) = (.kind(profile.kind), peers)
            } else {
                (basis, members) = (.everyone, Array(profiles.indices))
            }
            if let index = indexOfBasis[basis] {
                groups[index].evaluated.append(position)
            } else {
                indexOfBasis[basis] = groups.count
                groups.append(PeerGroup(basis: basis, members: members, evaluated: [position]))
            }
        }
        return groups
    }
}
