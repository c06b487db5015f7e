// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/color_scale.h"
#include "ui/views/theme.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace timestep;

namespace {

double linear(int byte)
{
    const double encoded = byte / 255.0;
    return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}

/// CIE L* of an sRGB colour.
double lightness(QRgb color)
{
    const double y = 0.2126729 * linear(qRed(color)) + 0.7151522 * linear(qGreen(color))
        + 0.0721750 * linear(qBlue(color));
    return y > 216.0 / 24389 ? 116 * std::cbrt(y) - 16 : y * 24389.0 / 27;
}

} // namespace

class ColorScaleTest : public QObject
{
    Q_OBJECT
private slots:
    // Of a score: its size is told by lightness, its sign by the hue.
    void signedScale()
    {
        for (const bool dark : { false, true }) {
            const ColorScale& scale = ColorScale::signedBlue(dark);
            QCOMPARE(scale.at(1), ColorScale::blue(dark).at(1));
            for (const double share : { 0.1, 0.3, 0.5, 0.9 }) {
                const QRgb above = scale.at(0.5 + share / 2);
                const QRgb below = scale.at(0.5 - share / 2);
                QVERIFY(std::abs(lightness(above) - lightness(below)) < 2);
                QVERIFY(qBlue(above) > qGreen(above));
                QVERIFY(qGreen(below) > qBlue(below));
            }
        }
    }

    void lightnessIsAStraightLine_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("orange");
        QTest::newRow("blue, light") << false << false;
        QTest::newRow("blue, dark") << true << false;
        QTest::newRow("orange, light") << false << true;
        QTest::newRow("orange, dark") << true << true;
    }

    void lightnessIsAStraightLine()
    {
        QFETCH(bool, dark);
        QFETCH(bool, orange);
        const ColorScale& scale = orange ? ColorScale::orange(dark) : ColorScale::blue(dark);
        const double first = lightness(scale.at(0));
        const double last = lightness(scale.at(1));
        QVERIFY(std::abs(last - first) > 70); // enough shades to tell apart
        QCOMPARE(last > first, dark);
        for (int shade = 0; shade < ColorScale::Shades; ++shade) {
            const double share = shade / 255.0;
            const double expected = std::lerp(first, last, share);
            QVERIFY2(std::abs(lightness(scale.shades[shade]) - expected) < 1.0,
                qPrintable(QStringLiteral("shade %1: L* %2 instead of %3")
                               .arg(shade)
                               .arg(lightness(scale.shades[shade]))
                               .arg(expected)));
        }
    }

    void nothingIsNearTheWindow_data() { lightnessIsAStraightLine_data(); }

    void equalSharesAreAsLightInBothModels_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    void equalSharesAreAsLightInBothModels()
    {
        QFETCH(bool, dark);
        for (int shade = 0; shade < ColorScale::Shades; ++shade) {
            const double difference = lightness(ColorScale::orange(dark).shades[shade])
                - lightness(ColorScale::blue(dark).shades[shade]);
            QVERIFY2(std::abs(difference) < 1.0, qPrintable(QString::number(difference)));
        }
    }

    void nothingIsNearTheWindow()
    {
        QFETCH(bool, dark);
        QFETCH(bool, orange);
        const ColorScale& scale = orange ? ColorScale::orange(dark) : ColorScale::blue(dark);
        const Theme& theme = dark ? Theme::darkTheme() : Theme::light();
        const double difference = std::abs(lightness(scale.at(0)) - lightness(theme.window.rgb()));
        QVERIFY2(difference > 1 && difference < 8, qPrintable(QString::number(difference)));
    }

    void bothSignsAreEquallyLight_data() { equalSharesAreAsLightInBothModels_data(); }

    void bothSignsAreEquallyLight()
    {
        QFETCH(bool, dark);
        const ColorScale& scale = ColorScale::violetToOrange(dark);
        const Theme& theme = dark ? Theme::darkTheme() : Theme::light();
        const double none = lightness(scale.ofSigned(0));
        const double full = lightness(scale.ofSigned(1));
        QVERIFY(std::abs(none - lightness(theme.window.rgb())) < 8);
        QVERIFY(std::abs(full - none) > 60); // enough shades to tell apart
        for (int step = 0; step <= 100; ++step) {
            const double share = step / 100.0;
            const double expected = std::lerp(none, full, share);
            for (const double sign : { -1.0, 1.0 }) {
                const double found = lightness(scale.ofSigned(sign * share));
                QVERIFY2(std::abs(found - expected) < 1.2,
                    qPrintable(QStringLiteral("%1: L* %2 instead of %3")
                                   .arg(sign * share)
                                   .arg(found)
                                   .arg(expected)));
            }
        }
    }

    /// Without red or green cones what is left beside lightness is blue against yellow (b* of
    /// CIELAB), and there the signs lie on two sides.
    void theSignsDifferForTheColourBlindToo_data() { equalSharesAreAsLightInBothModels_data(); }

    void theSignsDifferForTheColourBlindToo()
    {
        QFETCH(bool, dark);
        const ColorScale& scale = ColorScale::violetToOrange(dark);
        const auto yellowness
            = [](QRgb color) { return (qRed(color) + qGreen(color)) / 2 - qBlue(color); };
        for (const double share : { 0.3, 0.6, 1.0 }) {
            QVERIFY(yellowness(scale.ofSigned(share)) > 20);
            QVERIFY(yellowness(scale.ofSigned(-share)) < -20);
        }
    }

    void sharesBeyondTheEnds()
    {
        const ColorScale& scale = ColorScale::blue(false);
        QCOMPARE(scale.at(-3), scale.at(0));
        QCOMPARE(scale.at(7), scale.at(1));
        QCOMPARE(scale.at(std::numeric_limits<double>::quiet_NaN()), scale.at(0));
        QVERIFY(scale.at(0.5) != scale.at(0.55));
    }
};

QTEST_APPLESS_MAIN(ColorScaleTest)
#include "tst_color_scale.moc"
