// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/picture_format.h"
#include "ui/views/view_settings.h"
#include "ui/views/window_keys.h"

#include <QMainWindow>

#include <filesystem>
#include <memory>
#include <vector>

class QFrame;
class QLabel;
class QStackedWidget;
class QVBoxLayout;

namespace timestep {

class ChipsBar;
class Continuation;
class ElidedLabel;
class KeySheet;
class MessageBar;
class MorePanel;
class NextTokenPanel;
class PairOpener;
class PlaybackClock;
class RunBar;
class Session;
class SettingsPanel;
class TopBar;
class FrameExport;
class ViewExport;
class WholePicture;
class Workspace;
class WorkspaceTabs;

/// The one window: text and tokens on top, three sliders at the left, a workspace with its sentence
/// in the middle, the transport below.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    explicit MainWindow(Session& session, QWidget* parent = nullptr);

    /// `number` is the key and the number in its tab. Ownership goes to the window.
    void addWorkspace(int number, Workspace* workspace);
    void showWorkspace(int number);
    int currentWorkspace() const; // its number; 0: there is none
    Workspace* workspace(int number) const;

    const ViewSettings& viewSettings() const;
    void setViewSettings(const ViewSettings& settings);

    /// The workspace with its sentence, all of it and without controls; `size` of an earlier
    /// picture that this one is to match, empty: as high as it needs.
    QByteArray wholePicture(PictureFormat format, QSize size = {}) const;
    QSize wholePictureSize() const;
    /// Whether some of the workspace has to be scrolled into view, up or down.
    bool workspaceScrolls() const;

signals:
    void viewSettingsChanged();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    struct Entry
    {
        int number = 0;
        Workspace* workspace = nullptr;
    };
    void layOut();
    QWidget* makeCentre();
    void makeShortcuts();
    void execute(WindowCommand command);
    PlaybackClock* currentClock() const; // null: nothing on screen has one
    void withCurrent(void (Workspace::*action)());
    void pinPointed();
    void moveClock(void (PlaybackClock::*change)());
    void applyMotion();
    void takeWorkspace(int index);
    void takeSentence();
    void takeModels();
    void showMore(bool shown);
    void placeMore();
    void focusPicture();
    std::unique_ptr<WholePicture> layOutPicture(QSize size = {}) const;
    void clear();
    void saveView();
    void saveFrames(const QString& pattern);
    void chooseModelFolder();
    void openModelFolders(const std::vector<std::filesystem::path>& folders);
    void stepHead(int direction);
    void stepLayer(int direction);
    void toggleCausal();
    void setScale(double scale);
    void applyLook();
    void fitWindow();
    void fitSentence();
    bool isCompact() const;
    bool isLow() const; // for its size of letters

    Session& m_session;
    std::vector<Entry> m_workspaces;
    ViewSettings m_view;
    bool m_foldedBefore = false; // the panel of the next tokens, before the presentation
    TopBar* m_topBar;
    ChipsBar* m_chips;
    Continuation* m_continuation;
    NextTokenPanel* m_nextToken;
    MessageBar* m_message;
    PairOpener* m_pairs;
    ViewExport* m_export;
    FrameExport* m_frames;
    RunBar* m_runBar;
    SettingsPanel* m_settings;
    MorePanel* m_more;
    KeySheet* m_keySheet;
    bool m_opensModels = false; // the user has chosen a folder that is being read
    QWidget* m_tabStrip = nullptr;
    WorkspaceTabs* m_tabs = nullptr;
    ElidedLabel* m_untrained = nullptr;
    QWidget* m_picture = nullptr;
    QLabel* m_sentence = nullptr;
    QStackedWidget* m_stack = nullptr;
    QFrame* m_bottom = nullptr;
    QStackedWidget* m_bottomStack = nullptr;
};

} // namespace timestep
