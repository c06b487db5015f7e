// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/view_export.h"

#include "engine/error.h"
#include "ui/session/wake_up.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QSaveFile>
#include <QWidget>

#include <exception>

namespace timestep {

namespace {

QString cannotWrite(const QString& path)
{
    return ViewExport::tr("cannot write %1; choose a folder that can be written to").arg(path);
}

/// What went wrong; empty: nothing.
QString writeFile(const QString& path, const char* bytes, qint64 size)
{
    QSaveFile file(path);
    const bool written
        = file.open(QIODevice::WriteOnly) && file.write(bytes, size) == size && file.commit();
    return written ? QString() : cannotWrite(path);
}

QString writeData(const QString& path, const DataFormat& format)
{
    try {
        const std::string text = format.write();
        return writeFile(path, text.data(), static_cast<qint64>(text.size()));
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    } catch (const std::exception&) { // no memory left
        return cannotWrite(path);
    }
}

QStringList filtersOf(const std::vector<DataFormat>& formats)
{
    QStringList filters { ViewExport::tr("Picture (*.png)"), ViewExport::tr("Vectors (*.svg)"),
        ViewExport::tr("Document (*.pdf)") };
    for (const DataFormat& format : formats)
        filters.append(QStringLiteral("%1 (*.%2)").arg(format.name, format.ending));
    return filters;
}

/// Of "Picture (*.png)": "png".
QString endingOf(const QString& filter)
{
    const auto point = filter.lastIndexOf(QLatin1String("*.")) + 2;
    return filter.mid(point, filter.lastIndexOf(QLatin1Char(')')) - point);
}

} // namespace

ViewExport::ViewExport(QWidget& window)
    : QObject(&window)
    , m_window(window)
    , m_lane(wakeUp(this))
{
}

void ViewExport::choose(const PictureSource& picture, const QString& name,
    const std::vector<DataFormat>& formats, PlaybackClock* clock)
{
    QStringList filters = filtersOf(formats);
    const QString animation = tr("Animation, numbered pictures (*.png)");
    if (clock)
        filters.append(animation);
    QFileDialog dialog(&m_window, tr("Save the view"));
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setNameFilters(filters);
    const auto takeFilter = [&](const QString& filter) {
        const QString number = filter == animation ? QStringLiteral("-%04d") : QString();
        dialog.setDefaultSuffix(endingOf(filter));
        dialog.selectFile(name + number + QLatin1Char('.') + endingOf(filter));
    };
    connect(&dialog, &QFileDialog::filterSelected, &dialog, takeFilter);
    takeFilter(filters.constFirst());
    if (dialog.exec() != QDialog::Accepted)
        return;
    if (dialog.selectedNameFilter() == animation)
        emit framesChosen(dialog.selectedFiles().constFirst());
    else
        save(picture, dialog.selectedFiles().constFirst(), formats);
}

void ViewExport::save(
    const PictureSource& picture, const QString& file, const std::vector<DataFormat>& formats)
{
    if (const DataFormat* data = dataFormatOf(formats, file)) {
        m_lane.start([this, file, format = *data](
                         const std::stop_token&, const LatestJob::HandOver& handOver) {
            const QString failure = writeData(file, format);
            handOver([this, file, failure] { tell(file, failure); });
        });
        return;
    }
    const auto format = pictureFormatOf(file);
    const QString path = format ? file : file + QLatin1String(".png");
    const QByteArray bytes = picture(format.value_or(PictureFormat::Png));
    tell(path, writeFile(path, bytes.constData(), bytes.size()));
}

void ViewExport::tell(const QString& file, const QString& failure)
{
    if (failure.isEmpty())
        emit saved(file);
    else
        emit failed(failure);
}

void ViewExport::customEvent(QEvent*) { m_lane.deliver(); }

} // namespace timestep

#include "moc_view_export.cpp"
