// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/workspaces.h"

#include "ui/views/attention_workspace.h"
#include "ui/views/lstm_workspace.h"
#include "ui/views/main_window.h"
#include "ui/views/race_workspace.h"
#include "ui/views/steps_workspace.h"
#include "ui/views/threads_workspace.h"
#include "ui/views/training_workspace.h"

namespace timestep {

void addWorkspaces(MainWindow& window, Session& session)
{
    window.addWorkspace(1, new StepsWorkspace(session));
    window.addWorkspace(2, new AttentionWorkspace(session));
    window.addWorkspace(3, new LstmWorkspace(session));
    window.addWorkspace(4, new ThreadsWorkspace(session));
    window.addWorkspace(5, new RaceWorkspace(session));
    window.addWorkspace(6, new TrainingWorkspace(session));
}

} // namespace timestep
