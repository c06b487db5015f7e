// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/model_folder_drop.h"

#include <QApplication>
#include <QDir>
#include <QDropEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

bool isModelFile(const QFileInfo& file)
{
    static const QStringList names { QStringLiteral("config.json"), QStringLiteral("vocab.json"),
        QStringLiteral("merges.txt") };
    return file.suffix() == QLatin1String("safetensors") || names.contains(file.fileName());
}

/// Empty: neither a folder nor a file of a model.
QString folderOf(const QUrl& url)
{
    if (!url.isLocalFile())
        return {};
    const QFileInfo file(url.toLocalFile());
    if (file.isDir())
        return file.absoluteFilePath();
    const bool beside = QFileInfo::exists(file.dir().filePath(QStringLiteral("config.json")));
    return isModelFile(file) && beside ? file.absolutePath() : QString();
}

} // namespace

std::vector<std::filesystem::path> modelFoldersIn(const QMimeData& dragged)
{
    std::vector<std::filesystem::path> folders;
    for (const QUrl& url : dragged.urls()) {
        const std::filesystem::path folder = folderOf(url).toStdString();
        if (folder.empty())
            return {};
        if (std::find(folders.begin(), folders.end(), folder) == folders.end())
            folders.push_back(folder);
    }
    return folders;
}

ModelFolderDrop::ModelFolderDrop(QWidget& window, QWidget* area, Open open)
    : QFrame(area)
    , m_window(window)
    , m_open(std::move(open))
    , m_words(new QLabel(this))
{
    setObjectName(QStringLiteral("modelFolderDrop"));
    setAttribute(Qt::WA_TransparentForMouseEvents); // what is below stays the target
    m_words->setProperty("role", "sentence");
    m_words->setTextFormat(Qt::PlainText);
    m_words->setAlignment(Qt::AlignCenter);
    m_words->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_words);
    hide();
    window.setAcceptDrops(true);
    qApp->installEventFilter(this);
}

bool ModelFolderDrop::eventFilter(QObject* watched, QEvent* event)
{
    const bool leaves = event->type() == QEvent::DragLeave;
    const bool drops = event->type() == QEvent::Drop;
    const bool hovers = event->type() == QEvent::DragEnter || event->type() == QEvent::DragMove;
    if (!leaves && !drops && !hovers)
        return false;
    const auto* widget = qobject_cast<const QWidget*>(watched);
    if (!widget || widget->window() != &m_window)
        return false;
    if (leaves) {
        hide();
        return false;
    }
    auto& drop = *static_cast<QDropEvent*>(event);
    const auto folders = modelFoldersIn(*drop.mimeData());
    if (folders.empty())
        return false;
    drop.setDropAction(Qt::CopyAction); // whatever a file manager would like: nothing is moved
    drop.accept();
    if (drops) {
        hide();
        m_open(folders);
    } else {
        showOver(folders);
    }
    return true;
}

void ModelFolderDrop::showOver(const std::vector<std::filesystem::path>& folders)
{
    if (isVisible())
        return;
    QStringList names;
    for (const std::filesystem::path& folder : folders)
        names << tr("“%1”").arg(QString::fromStdString(folder.filename().string()));
    m_words->setText(folders.size() == 1
            ? tr("Drop to open the model folder %1").arg(names.front())
            : tr("Drop to open the model folders %1").arg(names.join(QStringLiteral(", "))));
    setAccessibleName(m_words->text());
    setGeometry(parentWidget()->rect());
    raise();
    show();
}

} // namespace timestep

#include "moc_model_folder_drop.cpp"
