// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include <filesystem>
#include <functional>
#include <vector>

class QLabel;
class QMimeData;

namespace timestep {

/// The model folders that are dragged: folders, whatever is in them, and those that hold the model
/// files (config.json, weights, vocabulary) that are dragged. Empty where something else is among
/// them.
std::vector<std::filesystem::path> modelFoldersIn(const QMimeData& dragged);

/// Lets model folders be dropped anywhere on a window, also on text fields, which would take their
/// names for text. While they hover over it, it lies over the window and says what will be opened.
class ModelFolderDrop : public QFrame
{
    Q_OBJECT
public:
    using Open = std::function<void(const std::vector<std::filesystem::path>&)>;

    /// Owned by the window, over `area`, a child of it.
    ModelFolderDrop(QWidget& window, QWidget* area, Open open);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showOver(const std::vector<std::filesystem::path>& folders);

    QWidget& m_window;
    Open m_open;
    QLabel* m_words;
};

} // namespace timestep
