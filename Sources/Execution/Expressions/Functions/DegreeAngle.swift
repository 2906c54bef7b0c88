import Glibc

/// Functions of angles in degrees, exact where the answer is: `sind(30)` is 0.5.
///
/// Each value is divided by what the C library gives at an angle whose answer is known, as PostgreSQL does (float.c).
enum DegreeAngle {
    private static let radians = Double.pi / 180
    private static let sine30 = Glibc.sin(30 * radians)
    private static let oneLessCosine60 = 1 - Glibc.cos(60 * radians)
    private static let arcsineHalf = Glibc.asin(0.5)
    private static let arccosineHalf = Glibc.acos(0.5)
    private static let arctangentOne = Glibc.atan(1.0)
    private static let tangent45 = sine(45) / cosine(45)
    private static let cotangent45 = cosine(45) / sine(45)

    static func value(of function: ScalarFunction, _ value: Double) -> Double {
        if value.isNaN { return value }
        switch function {
        case .sind:
            let (angle, sign, isObtuse) = folded(value)
            return sign * sine(isObtuse ? 180 - angle : angle)
        case .cosd:
            let (angle, _, isObtuse) = folded(value)
            return isObtuse ? -cosine(180 - angle) : cosine(angle)
        case .tand, .cotd:
            let (angle, sign, isObtuse) = folded(value)
            let acute = isObtuse ? 180 - angle : angle
            let quotient =
                function == .tand
                ? sine(acute) / cosine(acute) / tangent45 : cosine(acute) / sine(acute) / cotangent45
            let result = (isObtuse ? -sign : sign) * quotient
            return result == 0 ? 0 : result
        case .asind: return value >= 0 ? arcsine(value) : -arcsine(-value)
        case .acosd: return value >= 0 ? arccosine(value) : 90 + arcsine(-value)
        default: return degrees(Glibc.atan(value))
        }
    }

    /// An arc tangent in degrees.
    static func degrees(_ arctangent: Double) -> Double { arctangent / arctangentOne * 45 }

    /// The angle from 0 to 180, the sign of its sine, and whether it is above 90.
    private static func folded(_ value: Double) -> (angle: Double, sign: Double, isObtuse: Bool) {
        var angle = Glibc.fmod(value, 360)
        var sign = 1.0
        if angle < 0 { (angle, sign) = (-angle, -sign) }
        if angle > 180 { (angle, sign) = (360 - angle, -sign) }
        return (angle, sign, angle > 90)
    }

    private static func sine(_ angle: Double) -> Double {
        angle <= 30 ? sineTo30(angle) : cosineTo60(90 - angle)
    }

    private static func cosine(_ angle: Double) -> Double {
        angle <= 60 ? cosineTo60(angle) : sineTo30(90 - angle)
    }

    private static func sineTo30(_ angle: Double) -> Double { Glibc.sin(angle * radians) / sine30 / 2 }

    private static func cosineTo60(_ angle: Double) -> Double {
        1 - (1 - Glibc.cos(angle * radians)) / oneLessCosine60 / 2
    }

    private static func arcsine(_ value: Double) -> Double {
        value <= 0.5 ? Glibc.asin(value) / arcsineHalf * 30 : 90 - Glibc.acos(value) / arccosineHalf * 60
    }

    private static func arccosine(_ value: Double) -> Double {
        value <= 0.5 ? 90 - Glibc.asin(value) / arcsineHalf * 30 : Glibc.acos(value) / arccosineHalf * 60
    }
}
