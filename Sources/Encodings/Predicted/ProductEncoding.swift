/// A decimal near the product of two others: `value = round(first · second / 10^shift) + part`, half away from zero.
///
/// Layout: first column, second column, powers of ten contained in each (varints), shift left after them, part.
package enum ProductEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 10
    package static let name = "product"

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        guard case .number(let scale) = input.kind, input.values.count >= 8 else { return nil }
        guard input.isPlanned || input.statistics.width > 1 else { return nil }
        var best: (factors: Factors, hits: Int)?
        for (index, first) in input.references.enumerated() {
            guard case .number(let firstScale) = first.kind else { continue }
            for second in input.references[(index + 1)...] {
                guard case .number(let secondScale) = second.kind else { continue }
                let shift = firstScale + secondScale - scale
                guard (0...18).contains(shift) else { continue }
                let hits = input.isPlanned ? .max : sampleHits(input, first, second, shift: shift)
                guard hits >= (min(input.values.count, 64) * 7 + 9) / 10, best == nil || hits > best!.hits else { continue }
                guard let factors = Factors(first, second, shift: shift) else { continue }
                best = (factors, hits)
            }
        }
        guard let best else { return nil }
        var rest = input.values
        best.factors.subtractProducts(from: &rest)
        return EncodingCandidate(
            size: 8 + SizeEstimate.byteCount(BlockStatistics(rest)), decodeWeight: 120,
            references: [best.factors.firstColumn, best.factors.secondColumn]
        ) { writer in
            best.factors.write(&writer)
            EncodingChooser.encodePart(rest, depth: input.depth, into: &writer)
        }
    }

    /// Rows of an evenly spread sample of up to 64 for which the product is exact.
    private static func sampleHits(
        _ input: EncodingInput, _ first: EncodingInput.Reference, _ second: EncodingInput.Reference, shift: Int
    ) -> Int {
        let step = max(1, input.values.count / 64)
        var hits = 0
        for index in 0..<min(64, input.values.count) {
            let row = index * step
            let product = Int128(first.values[row]) * Int128(second.values[row])
            if Rounding.divide(product, by: Powers.of10[shift]) == Int128(input.values[row]) { hits += 1 }
        }
        return hits
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let factors = try Factors(&reader, count: count, at: nil, context: context)
        return try factors.productsAndPart(&reader, context: context)
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let factors = try Factors(&reader, count: count, at: rows, context: context)
        return try PartKernels.sum(try factors.products(), &reader, count: count, at: rows, context: context)
    }
}

extension ProductEncoding {
    /// Two columns, if need be without the powers of ten all their values contain, so that the product fits 62 bits.
    struct Factors {
        let firstColumn: Int
        let secondColumn: Int
        let first: [Int64]
        let second: [Int64]
        let firstPower: Int
        let secondPower: Int
        /// Powers of ten to divide the product by.
        let shift: Int

        /// nil if a product could leave 64 bits.
        init?(_ first: EncodingInput.Reference, _ second: EncodingInput.Reference, shift: Int) {
            firstColumn = first.column
            secondColumn = second.column
            self.first = first.values
            self.second = second.values
            let largest = Factors.magnitude(first.values)
            let secondLargest = Factors.magnitude(second.values)
            // The powers are taken out only where the product is too large with them: that costs time at every reading.
            if Factors.fits(largest, secondLargest) {
                (firstPower, secondPower, self.shift) = (0, 0, shift)
                return
            }
            firstPower = Powers.contained(in: first.values, upTo: shift)
            secondPower = Powers.contained(in: second.values, upTo: shift - firstPower)
            self.shift = shift - firstPower - secondPower
            guard
                Factors.fits(
                    largest / UInt64(Powers.of10[firstPower]), secondLargest / UInt64(Powers.of10[secondPower]))
            else { return nil }
        }

        private static func fits(_ first: UInt64, _ second: UInt64) -> Bool {
            let (product, overflow) = first.multipliedReportingOverflow(by: second)
            return !overflow && product <= RoundedDivision.largestMagnitude
        }

        /// - Parameter rows: nil for all of them.
        init(
            _ reader: inout BlockReader, count: Int, at rows: ChosenRows?, context: DecodingContext
        ) throws(EncodingError) {
            firstColumn = try reader.readCount(upTo: 1 << 20)
            secondColumn = try reader.readCount(upTo: 1 << 20)
            firstPower = try reader.readCount(upTo: 18)
            secondPower = try reader.readCount(upTo: 18)
            shift = try reader.readCount(upTo: 18)
            if let rows {
                first = try context.references.values(ofColumn: firstColumn, at: rows, count: count)
                second = try context.references.values(ofColumn: secondColumn, at: rows, count: count)
                return
            }
            first = try context.references.values(ofColumn: firstColumn)
            second = try context.references.values(ofColumn: secondColumn)
            guard first.count == count, second.count == count else {
                throw EncodingError("factors of \(first.count) and \(second.count) values, \(count) expected")
            }
        }

        func write(_ writer: inout ByteWriter) {
            for number in [firstColumn, secondColumn, firstPower, secondPower, shift] { writer.appendVarint(number) }
        }

        /// The rounded products and the part that comes next in the block, wrapping.
        func productsAndPart(
            _ reader: inout BlockReader, context: DecodingContext
        ) throws(EncodingError) -> [Int64] {
            let product = self.product
            let left = first.span
            let right = second.span
            precondition(left.count == right.count)
            if shift > 0, firstPower == 0, secondPower == 0 {
                return try PartKernels.sum(
                    SpreadKernels.products(first, second, divisor: Int64(Powers.of10[shift])), &reader, context: context)
            }
            guard shift > 0 else {
                return try PartKernels.filled(count: left.count, &reader, context: context) {
                    (row) throws(EncodingError) in
                    product(left[row], right[row])
                }
            }
            let divide = RoundedDivision(by: Powers.of10[shift])
            return try PartKernels.filled(count: left.count, &reader, context: context) {
                (row) throws(EncodingError) in
                try divide.checkedQuotient(product(left[row], right[row]))
            }
        }

        /// The rounded products.
        func products() throws(EncodingError) -> [Int64] {
            let product = self.product
            let divide = shift > 0 ? RoundedDivision(by: Powers.of10[shift]) : nil
            var products = [Int64](repeating: 0, count: first.count)
            for row in 0..<products.count {
                let exact = product(first[row], second[row])
                products[row] = try divide?.checkedQuotient(exact) ?? exact
            }
            return products
        }

        /// Leaves what the products do not explain.
        func subtractProducts(from values: inout [Int64]) {
            let product = self.product
            let left = first.span
            let right = second.span
            var target = values.mutableSpan
            precondition(left.count == target.count && right.count == target.count)
            let divide = shift > 0 ? RoundedDivision(by: Powers.of10[shift]) : nil
            for row in 0..<target.count {
                let exact = product(left[row], right[row])
                target[row] = target[row] &- (divide.map { $0.quotient(exact) } ?? exact)
            }
        }

        private var product: ReducedProduct { ReducedProduct(firstPower: firstPower, secondPower: secondPower) }

        private static func magnitude(_ values: [Int64]) -> UInt64 {
            var largest: UInt64 = 0
            for row in 0..<values.count { largest = max(largest, values[row].magnitude) }
            return largest
        }
    }
}

/// Products of numbers of which powers of ten are left out: exact divisions by 10^power are shifts and multiplications by
/// an inverse modulo 2^64.
struct ReducedProduct {
    private let inverse: Int64
    private let firstShift: Int64
    private let secondShift: Int64

    init(firstPower: Int, secondPower: Int) {
        inverse = Int64(bitPattern: Powers.inverseOf5(firstPower) &* Powers.inverseOf5(secondPower))
        firstShift = Int64(firstPower)
        secondShift = Int64(secondPower)
    }

    @inline(__always)
    func callAsFunction(_ first: Int64, _ second: Int64) -> Int64 {
        (first &>> firstShift) &* (second &>> secondShift) &* inverse
    }
}
