/// The startup parameter `options`: `-c name=value`, as libpq's `PGOPTIONS` sends it.
enum StartupOptions {
    static func settings(_ text: String) -> [(name: String, value: String)] {
        var words: [String] = []
        var word = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                word.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == " " {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
        var settings: [(name: String, value: String)] = []
        var index = 0
        while index < words.count {
            var setting = words[index]
            if setting == "-c", index + 1 < words.count {
                index += 1
                setting = words[index]
            } else if setting.hasPrefix("--") {
                setting.removeFirst(2)
            } else if setting.hasPrefix("-c") {
                setting.removeFirst(2)
            }
            if let equals = setting.firstIndex(of: "=") {
                let name = String(setting[..<equals]).replacing("-", with: "_")
                settings.append((name, String(setting[setting.index(after: equals)...])))
            }
            index += 1
        }
        return settings
    }
}
