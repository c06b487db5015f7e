// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_report_window.h"

#include "engine/error.h"
#include "ui/views/flow_layout.h"
#include "ui/views/race_report_document.h"
#include "ui/views/race_report_file.h"
#include "ui/views/report_pages.h"
#include "ui/views/theme.h"
#include "ui/views/view_export.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QPrintDialog>
#include <QPrinter>
#include <QPushButton>
#include <QShortcut>
#include <QTextBrowser>
#include <QTextDocument>
#include <QVBoxLayout>

namespace timestep {

namespace {

constexpr double PageMargin = 24; // about the text, on the screen
constexpr qint64 LargestReport = qint64(64) << 20; // bytes

/// Throws Error.
QByteArray contentsOf(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        throw Error(RaceReportWindow::tr("cannot read %1: %2; choose a file that can be read")
                        .arg(path, file.errorString())
                        .toStdString());
    if (file.size() > LargestReport)
        throw Error(RaceReportWindow::tr("%1 is larger than any report; open an HTML file that was "
                                         "saved from the report of a race")
                        .arg(path)
                        .toStdString());
    return file.readAll();
}

QString proposedName(const RaceReport& report, const QString& ending)
{
    return QStringLiteral("race-%1.%2")
        .arg(report.created.toString(QStringLiteral("yyyy-MM-dd-HHmm")), ending);
}

} // namespace

RaceReportWindow::RaceReportWindow(RaceReport report, DescribeRace describe, QWidget* parent)
    : QDialog(parent)
    , m_describe(std::move(describe))
    , m_export(new ViewExport(*this))
    , m_page(new QTextBrowser)
    , m_message(new QLabel)
{
    auto* buttons = new FlowLayout;
    buttons->setSpacing(8);
    addButton(*buttons, tr("Save &HTML…"), QKeySequence::Save, &RaceReportWindow::chooseHtml)
        ->setToolTip(tr("one file with pictures and numbers; can be opened again"));
    addButton(*buttons, tr("Save P&DF…"), {}, &RaceReportWindow::choosePdf);
    addButton(*buttons, tr("&Print…"), QKeySequence::Print, &RaceReportWindow::print);
    addButton(*buttons, tr("&Open…"), QKeySequence::Open, &RaceReportWindow::chooseToOpen)
        ->setToolTip(tr("an HTML report that was saved before, on this or another machine"));
    m_baseline = addButton(*buttons, tr("Use as &baseline"), {}, &RaceReportWindow::useAsBaseline);
    m_baseline->setToolTip(tr("what is measured from now on is compared with this report"));
    m_baseline->setEnabled(false);
    addButton(*buttons, tr("Close"), {}, &RaceReportWindow::reject);

    m_page->setAccessibleName(tr("Report"));
    m_page->setOpenLinks(false);
    m_page->setPalette(Theme::light().palette()); // as on paper
    QPalette paper = m_page->palette();
    paper.setColor(QPalette::Base, Theme::light().window);
    m_page->setPalette(paper);
    m_page->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_message->setAccessibleName(tr("Message"));
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_message->hide();

    auto* layout = new QVBoxLayout(this);
    layout->addLayout(buttons);
    layout->addWidget(m_message);
    layout->addWidget(m_page, 1);
    connect(m_export, &ViewExport::failed, this, &RaceReportWindow::tell);
    connect(m_export, &ViewExport::saved, this,
        [this](const QString& file) { tell(tr("Saved as %1.").arg(file)); });
    display(std::move(report), QString());
    resize(840, parent ? std::min(parent->height(), 900) : 700);
    m_page->setFocus(); // arrows and Page keys read on
}

RaceReportWindow::~RaceReportWindow() { m_page->setDocument(nullptr); }

QPushButton* RaceReportWindow::addButton(
    FlowLayout& row, const QString& text, const QKeySequence& key, void (RaceReportWindow::*act)())
{
    auto* button = new QPushButton(text, this);
    button->setAutoDefault(false); // Enter in the page is no command
    // Beside the letter in the button's text, which a shortcut of the button would replace.
    if (!key.isEmpty())
        connect(new QShortcut(key, this), &QShortcut::activated, button, &QPushButton::click);
    connect(button, &QPushButton::clicked, this, act);
    row.addWidget(button);
    return button;
}

void RaceReportWindow::display(RaceReport report, const QString& name)
{
    m_report = std::move(report);
    setWindowTitle(
        name.isEmpty() ? reportTitle(m_report) : tr("%1: %2").arg(name, reportTitle(m_report)));
    std::unique_ptr<QTextDocument> document = reportDocument(m_report);
    document->setDocumentMargin(PageMargin);
    m_page->setDocument(document.get());
    m_document = std::move(document);
}

void RaceReportWindow::open(const QString& file)
{
    const QString name = QFileInfo(file).fileName();
    try {
        display(openedReport(contentsOf(file), name.toStdString(), m_describe), name);
        m_baseline->setEnabled(true);
        tell(tr("Opened %1. Its pictures and sentences are made anew from its numbers.").arg(name));
    } catch (const Error& error) {
        tell(QString::fromUtf8(error.what()));
    }
}

void RaceReportWindow::save(const QString& file)
{
    m_export->save([this](PictureFormat format) { return pictureOf(*this, format); }, file,
        reportDataFormats(m_report));
}

void RaceReportWindow::chooseToOpen()
{
    const QString file = QFileDialog::getOpenFileName(
        this, tr("Open a report"), QString(), tr("Report (*.html *.htm)"));
    if (!file.isEmpty())
        open(file);
}

void RaceReportWindow::chooseHtml()
{
    chooseFile(tr("Save the report as HTML"), tr("Report (*.html)"), QStringLiteral("html"));
}

void RaceReportWindow::choosePdf()
{
    chooseFile(tr("Save the report as PDF"), tr("Document (*.pdf)"), QStringLiteral("pdf"));
}

void RaceReportWindow::chooseFile(
    const QString& title, const QString& filter, const QString& ending)
{
    QFileDialog dialog(this, title, QString(), filter);
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setDefaultSuffix(ending);
    dialog.selectFile(proposedName(m_report, ending));
    if (dialog.exec() != QDialog::Accepted)
        return;
    QString file = dialog.selectedFiles().constFirst();
    if (QFileInfo(file).suffix().compare(ending, Qt::CaseInsensitive) != 0)
        file += QLatin1Char('.') + ending; // the button says what it saves
    save(file);
}

void RaceReportWindow::print()
{
    QPrinter printer(QPrinter::HighResolution);
    printer.setPageLayout(reportPageLayout());
    printer.setDocName(reportTitle(m_report));
    QPrintDialog dialog(&printer, this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    if (paintPages(*reportDocument(m_report), printer, reportTitle(m_report)))
        tell(tr("Sent to the printer."));
    else
        tell(tr("the report cannot be printed on %1; choose another printer, or save it as PDF")
                 .arg(printer.printerName()));
}

void RaceReportWindow::useAsBaseline()
{
    std::vector<RaceMeasurement> measurements;
    for (const RaceReportPart& part : m_report.parts)
        measurements.push_back(part.measurement);
    emit baselineWanted(measurements);
    tell(tr("What is measured is now compared with this report."));
}

void RaceReportWindow::tell(const QString& message)
{
    m_message->setText(message);
    m_message->setAccessibleDescription(message);
    m_message->show();
}

} // namespace timestep

#include "moc_race_report_window.cpp"
