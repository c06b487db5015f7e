// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_report.h"

#include <QDialog>

#include <memory>
#include <vector>

class QLabel;
class QPushButton;
class QTextBrowser;
class QTextDocument;

namespace timestep {

class FlowLayout;
class ViewExport;

/// A report as it is on paper, to be saved and printed; or one that was saved before, here or
/// elsewhere, whose measurements can be what others are compared with.
class RaceReportWindow : public QDialog
{
    Q_OBJECT
public:
    /// `describe` makes the pictures of a report that is opened.
    RaceReportWindow(RaceReport report, DescribeRace describe, QWidget* parent = nullptr);
    ~RaceReportWindow() override;

    const RaceReport& report() const { return m_report; }

    // What the buttons do, without asking.
    void open(const QString& file);
    void save(const QString& file); // by its ending, .html or .pdf

signals:
    /// Those of the opened report.
    void baselineWanted(const std::vector<RaceMeasurement>& measurements);

private:
    QPushButton* addButton(FlowLayout& row, const QString& text, const QKeySequence& key,
        void (RaceReportWindow::*act)());
    void display(RaceReport report, const QString& name);
    void chooseToOpen();
    void chooseHtml();
    void choosePdf();
    void chooseFile(const QString& title, const QString& filter, const QString& ending);
    void print();
    void useAsBaseline();
    void tell(const QString& message);

    RaceReport m_report;
    DescribeRace m_describe;
    ViewExport* m_export;
    std::unique_ptr<QTextDocument> m_document; // what the page shows
    QTextBrowser* m_page;
    QLabel* m_message;
    QPushButton* m_baseline = nullptr;
};

} // namespace timestep
