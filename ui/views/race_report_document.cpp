// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_report_document.h"

#include "ui/views/fonts.h"
#include "ui/views/race_report_body.h"
#include "ui/views/report_picture_object.h"

#include <QAbstractTextDocumentLayout>
#include <QTextDocument>

namespace timestep {

std::unique_ptr<QTextDocument> reportDocument(const RaceReport& report)
{
    std::vector<ReportPicture> pictures;
    const auto addressOf = [&pictures](const ReportPicture& picture) {
        pictures.push_back(picture);
        return ReportPictureObject::addressOf(pictures.size() - 1);
    };
    const QString body = reportBody(report, addressOf);

    auto document = std::make_unique<QTextDocument>();
    QFont font = sansFont(1);
    font.setPointSizeF(10);
    document->setDefaultFont(font);
    document->setUseDesignMetrics(true); // else small letters are as wide as whole pixels
    document->setDefaultStyleSheet(reportStyle());
    document->setMetaInformation(QTextDocument::DocumentTitle, reportTitle(report));
    document->documentLayout()->registerHandler(
        QTextFormat::ImageObject, new ReportPictureObject(std::move(pictures), document.get()));
    document->setHtml(body);
    return document;
}

} // namespace timestep
