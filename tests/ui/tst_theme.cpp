// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/theme.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace timestep;

namespace {

/// Relative luminance, WCAG 2.1.
double luminance(const QColor& color)
{
    const auto linear = [](double channel) {
        return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const double first = luminance(a), second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT
private slots:
    void textIsLegible_data()
    {
        QTest::addColumn<QColor>("text");
        QTest::addColumn<QColor>("background");
        for (const Theme* theme : { &Theme::light(), &Theme::darkTheme() }) {
            const auto pair = [theme](const QByteArray& name, QColor text, QColor background) {
                QTest::addRow("%s: %s", theme->dark ? "dark" : "light", name.constData()) << text << background;
            };
            pair("text on window", theme->text, theme->window);
            pair("text on panel", theme->text, theme->panel);
            pair("text on field", theme->text, theme->field);
            pair("secondary text on window", theme->secondaryText, theme->window);
            pair("secondary text on panel", theme->secondaryText, theme->panel);
            pair("secondary text on field", theme->secondaryText, theme->field);
            pair("button", theme->buttonText, theme->button);
            pair("tooltip", theme->tooltipText, theme->tooltip);
            for (const Theme::ModelColors* model : { &theme->lstm, &theme->attention }) {
                const char* name = model == &theme->lstm ? "LSTM" : "attention";
                const auto of = [name](const char* what) { return QByteArray(name) + ' ' + what; };
                pair(of("on window"), model->text, theme->window);
                pair(of("on panel"), model->text, theme->panel);
                pair(of("on field"), model->text, theme->field);
                pair(of("running"), model->runningText, model->running);
                pair(of("done"), theme->text, model->done);
            }
        }
    }

    void textIsLegible()
    {
        QFETCH(QColor, text);
        QFETCH(QColor, background);
        QVERIFY2(contrast(text, background) >= 4.5,
            qPrintable(QStringLiteral("%1 on %2 is only %3:1")
                           .arg(text.name(), background.name())
                           .arg(contrast(text, background))));
    }

    void aPaletteTellsItsTheme()
    {
        QVERIFY(Theme::of(Theme::darkTheme().palette()).dark);
        QVERIFY(!Theme::of(Theme::light().palette()).dark);
    }
};

QTEST_GUILESS_MAIN(TestTheme)
#include "tst_theme.moc"
