import Columns
import Diagnostics

extension Store {
    /// Checks every manifest and its chain, and every file of the newest commit by its hash and checksums; `deep` also
    /// decodes every block. Damage is reported, never thrown: the check goes on to the end.
    ///
    /// - Parameter subset: The share of the files to check; nil for all. Manifests are always checked.
    package func verify(deep: Bool, subset: VerificationSubset? = nil) throws(StorageError) -> VerificationReport {
        var report = VerificationReport()
        try verifyManifests(&report)
        let head: ManifestLog.Head
        do throws(StorageError) { head = try ManifestLog(folder: folder).head() } catch {
            report.add(error)
            return report
        }
        report.headHash = head.hash
        report.commitNumber = head.manifest.commitNumber
        for problem in head.damage { report.add(problem) }
        let snapshot = StoreSnapshot(
            head.manifest, hash: head.hash, damage: [], storePath: path, fileSystem: fileSystem)
        for table in snapshot.tables {
            verifyDictionaries(table, subset, &report)
            for (index, segment) in table.segments.enumerated() where subset?.contains(sha256: segment.sha256) ?? true {
                verifySegment(table, index, deep: deep, &report)
            }
        }
        return report
    }

    /// Of a gap in the numbers of the manifests, so many are named one by one.
    private static let maximumMissingManifestsNamed = 100

    private func verifyManifests(_ report: inout VerificationReport) throws(StorageError) {
        var expected = Manifest.noHash
        var next = 1
        var history = ManifestHistory(folder)
        for number in try ManifestLog(folder: folder).numbers() {
            let found: ManifestHistory.Found?
            do throws(StorageError) { found = try history.manifest(number) } catch {
                guard error.kind == .badData else { throw error }
                report.add(error)
                next = number + 1
                expected = ""
                continue
            }
            let name = found?.file ?? "commits/" + Manifest.fileName(number)
            let bytes = found?.bytes ?? []
            if bytes.isEmpty {
                // Readers take it for absent, as a crash may leave it; whoever checks the store must hear of it.
                report.add(.damaged("the manifest is empty: what it recorded, if anything, is lost", file: name))
                continue
            }
            report.manifestCount += 1
            report.checkedSize += found?.readSize ?? 0
            for missing in (next..<max(next, number)).prefix(Store.maximumMissingManifestsNamed) {
                report.add(.damaged("the manifest is missing", file: "commits/" + Manifest.fileName(missing)))
            }
            next = number + 1
            guard let (manifest, hash) = Manifest.read(bytes), manifest.commitNumber == number else {
                report.add(.damaged("the manifest's own hash does not hold", file: name))
                expected = ""
                continue
            }
            // Behind a damaged manifest the link cannot be judged.
            if !expected.isEmpty, manifest.previousHash != expected {
                report.add(
                    .damaged("the manifest names \(manifest.previousHash) before it, found \(expected)", file: name))
            }
            expected = hash
            report.commitOfHash[hash] = number
        }
    }

    private func verifyDictionaries(
        _ table: TableSnapshot, _ subset: VerificationSubset?, _ report: inout VerificationReport
    ) {
        for column in table.record.columns {
            for record in column.text?.dictionaries ?? [] where subset?.contains(sha256: record.sha256) ?? true {
                report.dictionaryCount += 1
                report.blockCount += 1
                report.checkedSize += record.size
                do throws(StorageError) {
                    let name = "dictionaries/" + record.fileName
                    guard let bytes = try folder.read(name, limit: record.size) else {
                        throw .damaged("the file is missing or has more than \(record.size) bytes", file: name)
                    }
                    // Its own checksums first: they say more exactly where the damage is.
                    _ = try DictionaryFile.read(bytes, record)
                    guard Checksum.sha256(bytes) == record.sha256 else {
                        throw .damaged("its SHA-256 is not the manifest's", file: name)
                    }
                } catch {
                    var named = error
                    named.column = column.field.name
                    report.add(named)
                }
            }
        }
    }

    private func verifySegment(_ table: TableSnapshot, _ index: Int, deep: Bool, _ report: inout VerificationReport) {
        let segment = table.segments[index]
        report.segmentCount += 1
        report.checkedSize += segment.size
        let problemCount = report.problems.count
        do throws(StorageError) {
            let directory = try segment.directory()
            report.blockCount += directory.blocks.count
            let file = try SegmentFile(segment)
            for block in directory.blocks.indices {
                let column = directory.columns.first { $0.block == block }?.name
                do throws(StorageError) { _ = try segment.readBlock(file, directory, block, column: column) } catch {
                    report.add(error)
                }
            }
            if deep {
                for column in table.schema.fields.indices {
                    do throws(StorageError) { _ = try table.readSegment(index, columns: [column]) } catch {
                        report.add(error)
                    }
                }
                try table.verifyMeasures(index)
            }
        } catch {
            report.add(error)
        }
        do throws(StorageError) {
            let bytes = try folder.read(segment.relativePath, limit: segment.size)
            // Said only if no checksum says more exactly where the damage is.
            if report.problems.count == problemCount, bytes.map({ Checksum.sha256($0) }) != segment.sha256 {
                report.add(.damaged("its SHA-256 is not the manifest's", file: segment.relativePath))
            }
        } catch {
            report.add(error)
        }
    }
}

extension VerificationReport {
    /// Each problem once.
    mutating func add(_ problem: StorageError) {
        if !problems.contains(problem) { problems.append(problem) }
    }
}
