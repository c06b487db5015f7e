// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/vector_parts.h"

#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QRegularExpression>
#include <QSet>
#include <QXmlStreamReader>
#include <QtTest>

using namespace timestep;

namespace {

class Gradient : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent*) override
    {
        QLinearGradient colors(0, 0, width(), 0);
        colors.setColorAt(0, Qt::red);
        colors.setColorAt(1, Qt::blue);
        QPainter(this).fillRect(rect(), colors);
    }
};

QList<QString> all(const QString& pattern, const QByteArray& text)
{
    QList<QString> found;
    for (auto matches = QRegularExpression(pattern).globalMatch(QString::fromUtf8(text));
         matches.hasNext();)
        found << matches.next().captured(1);
    return found;
}

} // namespace

class TestVectorParts : public QObject
{
    Q_OBJECT
private slots:
    void noWidgetShowsBeyondThoseAroundIt()
    {
        QWidget window;
        window.resize(200, 100);
        auto* pane = new QWidget(&window);
        pane->setGeometry(20, 10, 50, 40);
        auto* label = new QLabel(QStringLiteral("longer than its pane"), pane);
        label->setGeometry(-30, 5, 300, 20);
        window.show();
        const std::vector<VectorPart> parts = vectorParts(window);
        const auto found = std::find_if(parts.begin(), parts.end(),
            [](const VectorPart& part) { return part.svg.contains("longer"); });
        QVERIFY(found != parts.end());
        QCOMPARE(found->place, QRect(-10, 15, 300, 20));
        QCOMPARE(found->clip, QRect(20, 15, 50, 20));
        QVERIFY(svgOf(window).contains(
            "<rect x=\"20\" y=\"15\" width=\"50\" height=\"20\"/></clipPath>"));
    }

    void whatIsHiddenOrOutsideIsLeftOut()
    {
        QWidget window;
        window.resize(200, 100);
        auto* outside = new QLabel(QStringLiteral("outside"), &window);
        outside->move(0, 150);
        auto* hidden = new QLabel(QStringLiteral("hidden"), &window);
        hidden->hide();
        window.show();
        const QByteArray svg = svgOf(window);
        QVERIFY(!svg.contains("outside"));
        QVERIFY(!svg.contains("hidden<"));
    }

    /// Ids are those of the whole document.
    void partsDoNotTakeEachOthersColors()
    {
        QWidget window;
        window.resize(200, 100);
        for (const int left : { 0, 100 })
            (new Gradient(&window))->setGeometry(left, 0, 90, 90);
        window.show();
        const QByteArray svg = svgOf(window);
        const QList<QString> ids = all(QStringLiteral(" id=\"([^\"]+)\""), svg);
        QCOMPARE(QSet<QString>(ids.begin(), ids.end()).size(), ids.size());
        const QList<QString> used = all(QStringLiteral("url\\(#([^)]+)\\)"), svg);
        QVERIFY(used.size() >= 2);
        for (const QString& id : used)
            QVERIFY2(ids.contains(id), qPrintable(id));
        QXmlStreamReader xml(svg);
        while (!xml.atEnd())
            xml.readNext();
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    }

    void aTextThatItsFieldCutsIsAnImage()
    {
        QLineEdit field;
        field.resize(200, 30);
        field.setText(QStringLiteral("short"));
        field.show();
        QVERIFY(svgOf(field).contains(">short<"));
        field.setText(QStringLiteral("words ").repeated(40));
        const QByteArray svg = svgOf(field);
        QVERIFY(!svg.contains("words"));
        QVERIFY(svg.contains("<image "));
    }

    /// In a PDF they would be paths without a point.
    void blanksAloneAreNoText()
    {
        QLabel label(QStringLiteral("<b>seen</b>&nbsp; "));
        label.resize(200, 30);
        label.show();
        const QByteArray svg = svgOf(label);
        QVERIFY(svg.contains(">seen<"));
        for (const QString& text : all(QStringLiteral("<text[^>]*>([^<]*)</text>"), svg))
            QVERIFY(!text.trimmed().isEmpty());
    }
};

QTEST_MAIN(TestVectorParts)
#include "tst_vector_parts.moc"
