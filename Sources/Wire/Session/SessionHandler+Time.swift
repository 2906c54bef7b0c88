import NIOCore

/// What happens to a session as time goes by.
extension SessionHandler {
    /// Looks once a second whether the client has been silent too long, or the server ends.
    func tick() {
        let silence = Double((NIODeadline.now() - lastActivity).nanoseconds) / 1e9
        switch stage {
        case .closed: return
        case .starting, .authenticating:
            // Counted from the beginning: a byte now and then does not help. And by looks, each of which lets the loop read
            // what has come: what holds up the server is not held against its clients.
            lookCount += 1
            if Double(lookCount) > server.options.authenticationSeconds || server.isEnding { close() }
        case .ready:
            noteProgress()
            if resume != nil || context?.channel.isWritable == false {
                tickWhileSending(silence)
            } else if !isBusy {
                tickWhileIdle(silence)
            } else if server.isEnding {
                isEnding = true
            }
        }
    }

    /// A slow client takes a little at a time: it is not one that takes nothing.
    private func noteProgress() {
        guard let channel = context?.channel, let count = try? channel.syncOptions?.getOption(.bufferedWritableBytes) else { return }
        if count < untakenByteCount { lastActivity = .now() }
        untakenByteCount = count
    }

    /// A client that takes nothing of what it asked for holds it in memory for no longer than this.
    private func tickWhileSending(_ silence: Double) {
        if core?.cancellation.isSet ?? true, let next = resume {
            resume = nil
            next()
        } else if silence > server.options.patienceSeconds {
            server.options.log("\(label): closed, the client takes nothing")
            context?.close(promise: nil)
        } else if server.isEnding {
            if !isBusy { return endNow() }
            isEnding = true
        }
    }

    private func tickWhileIdle(_ silence: Double) {
        if server.isEnding { return endNow() }
        guard let limit = server.options.idleSeconds, silence > limit else { return }
        fatal(WireError(.idleTimeout, "terminating connection due to idle-session timeout"))
    }

    /// The server ends and this session has nothing left to do.
    func endNow() {
        fatal(WireError(.adminShutdown, "terminating connection due to administrator command"))
    }
}
